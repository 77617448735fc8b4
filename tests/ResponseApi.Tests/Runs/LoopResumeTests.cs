using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.Runs;

public sealed class LoopResumeTests
{
    private const string Hello = """{"model":"m","input":"Hello"}""";

    [Fact]
    public async Task A_run_that_is_cut_off_goes_on_from_its_last_checkpoint_with_the_same_key()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add));
        host.Llm.Calls(("a", "add", """{"n":1}"""));
        host.Llm.Calls(("b", "add", """{"n":2}"""));
        using var crash = new CancellationTokenSource();
        var first = Given.Response(Hello);
        RunProgress? kept = null;
        var journal = new RecordingJournal();
        journal.OnCheckpoint = response =>
        {
            kept = Copy(response.Progress);
            if (response.Progress.Executions is [_, { Status: "in_progress" }])
            {
                crash.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync(first, journal, crash.Token));

        host.Llm.Says("Three.");
        var next = kept!.NextSequenceNumber;
        var second = With(first, kept);
        var later = await host.RunAsync(second);

        Assert.Equal("completed", second.Progress.Status);
        Assert.Equal(["1", "2"], second.Progress.Executions.Select(one => one.ModelText));
        Assert.Equal(second.Progress.Executions[1].ItemId, add.Calls[^1].ItemId);
        Assert.Equal($"{first.Id}:b", add.Calls[^1].IdempotencyKey);
        Assert.Equal(1, add.Calls.Count(call => call.CallId == "a"));
        Assert.Equal(["mcp_call", "mcp_call", "message"], second.Progress.Output.Select(item => item.GetProperty("type").GetString()));
        Assert.DoesNotContain("response.created", later.Types);
        Assert.DoesNotContain("response.in_progress", later.Types);
        Assert.Equal(next, later.Events[0].GetProperty("sequence_number").GetInt64());
        Assert.Equal(3, second.Progress.ModelCalls);
    }

    [Fact]
    public async Task What_was_open_is_ended_and_a_call_goes_on_in_its_place()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add));
        host.Llm.Says("One.");
        var response = Given.Response(Hello);
        var progress = response.Progress;
        (progress.Status, progress.ModelCalls, progress.NextSequenceNumber, progress.NextOutputIndex) = ("in_progress", 1, 20, 2);
        progress.StartedAt = DateTimeOffset.UtcNow;
        progress.Executions.Add(new()
        {
            CallId = "a",
            ItemId = "mcp_1",
            ToolName = "add",
            Arguments = """{"n":1}""",
            Order = 1,
            ModelCall = 1,
            Status = "in_progress",
            StartedAt = DateTimeOffset.UtcNow,
        });
        progress.OpenItems =
        [
            new(0, Given.Json("""{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}""")),
            new(1, Given.Json("""{"id":"mcp_1","type":"mcp_call","status":"in_progress"}""")),
        ];

        var journal = await host.RunAsync(response);

        var broken = journal.Events[0];
        Assert.Equal(("response.output_item.done", 0, "incomplete"), (
            broken.GetProperty("type").GetString(), broken.GetProperty("output_index").GetInt32(), broken.GetProperty("item").GetProperty("status").GetString()));
        Assert.Equal(20, broken.GetProperty("sequence_number").GetInt64());
        var added = Assert.Single(journal.Of("response.output_item.added"));
        Assert.Equal(("message", 2), (added.GetProperty("item").GetProperty("type").GetString(), added.GetProperty("output_index").GetInt32()));
        Assert.Equal(1, journal.Of("response.mcp_call.completed")[0].GetProperty("output_index").GetInt32());
        Assert.Equal(["mcp_1"], progress.Output.Take(1).Select(item => item.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_run_that_had_called_the_client_only_ends()
    {
        await using var host = await LoopHost.StartAsync();
        var response = Given.Response(Hello);
        response.Progress.ModelCalls = 1;
        response.Progress.NextSequenceNumber = 9;
        response.Progress.Output.Add(Given.Json("""{"id":"fc_1","type":"function_call","call_id":"a","name":"f","arguments":"{}","status":"completed"}"""));

        await host.RunAsync(response);

        Assert.Equal("completed", response.Progress.Status);
        Assert.Empty(host.Llm.Requests);
    }

    [Fact]
    public async Task Approved_calls_run_before_the_model_is_asked()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add)
        {
            Approved = [new("mcpr_1", "add", """{"n":5}""", true, null), new("mcpr_2", "add", """{"n":6}""", false, "no")],
        });
        host.Llm.Says("Five.");
        var response = Given.Response(
            """{"model":"m","input":[{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true},{"type":"mcp_approval_response","approval_request_id":"mcpr_2","approve":false,"reason":"no"}]}""",
            new ContextItem(Given.Json("""{"id":"mcpr_1","type":"mcp_approval_request","server_label":"s","name":"add","arguments":"{\"n\":5}"}""")),
            new ContextItem(Given.Json("""{"id":"mcpr_2","type":"mcp_approval_request","server_label":"s","name":"add","arguments":"{\"n\":6}"}""")));

        await host.RunAsync(response);

        var call = Assert.Single(add.Calls);
        Assert.Equal(("mcpr_1", "mcpr_1"), (call.ApprovalRequestId, call.CallId));
        var messages = host.Llm.Requests.Single().Json["messages"]!.ToJsonString();
        Assert.Contains("did not approve", messages, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"5\"", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_needs_approval_ends_the_response_with_the_request()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(new ServerTool("rm", (_, _) => Task.FromResult("")) { AwaitsClient = true }));
        host.Llm.Calls(("a", "rm", """{"n":1}"""));
        var response = Given.Response(Hello);

        var journal = await host.RunAsync(response);

        Assert.Equal("completed", response.Progress.Status);
        Assert.Equal("mcp_approval_request", Assert.Single(response.Progress.Output).GetProperty("type").GetString());
        Assert.Empty(response.Progress.Executions);
        Assert.Equal(["response.output_item.added", "response.output_item.done"], journal.Types.Skip(2).SkipLast(1));
    }

    [Fact]
    public async Task A_response_that_another_has_taken_over_is_left_alone()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(ServerTool.Adds()));
        host.Llm.Calls(("a", "add", """{"n":1}"""));
        var journal = new RecordingJournal { OnCheckpoint = _ => throw new OperationCanceledException("taken over") };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync(Given.Response(Hello), journal));

        Assert.DoesNotContain("response.failed", journal.Types);
    }

    [Fact]
    public async Task Cancellation_reaches_the_tools()
    {
        var (began, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var tool = new ServerTool("wait", async (_, ct) =>
        {
            began.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                ended.SetResult();
            }

            return "";
        });
        await using var host = await LoopHost.StartAsync(new TestTools(tool));
        host.Llm.Calls(("a", "wait", "{}"));
        using var cancel = new CancellationTokenSource();
        var response = Given.Response(Hello);

        var run = host.RunAsync(response, ct: cancel.Token);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        response.Progress.Cancel(DateTimeOffset.UtcNow);
        Assert.Equal("cancelled", Assert.Single(response.Progress.Executions).Status);
    }

    [Fact]
    public async Task A_broken_journal_is_not_swallowed()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.NextChat(exchange => OpenAIShapes.StreamAsync(exchange, "x"));
        var journal = new RecordingJournal { OnCheckpoint = _ => throw new InvalidOperationException("no database") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.RunAsync(Given.Response(Hello), journal));
    }

    private static RunProgress Copy(RunProgress progress) => new()
    {
        Status = progress.Status,
        Output = [.. progress.Output],
        Executions = [.. progress.Executions],
        Usage = progress.Usage,
        ModelCalls = progress.ModelCalls,
        NextSequenceNumber = progress.NextSequenceNumber,
        NextOutputIndex = progress.NextOutputIndex,
        StartedAt = progress.StartedAt,
    };

    private static Response With(Response response, RunProgress progress) => new()
    {
        Id = response.Id,
        Caller = response.Caller,
        Request = response.Request,
        Context = response.Context,
        Input = response.Input,
        CreatedAt = response.CreatedAt,
        Progress = progress,
    };
}
