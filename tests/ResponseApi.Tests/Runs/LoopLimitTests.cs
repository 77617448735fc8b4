using System.Text.Json.Nodes;
using JanServer.ResponseApi.Tests.Fixtures;

namespace JanServer.ResponseApi.Tests.Runs;

public sealed class LoopLimitTests
{
    private const string Hello = """{"model":"m","input":"Hello"}""";

    [Fact]
    public async Task A_model_that_goes_on_past_the_depth_answers_once_without_tools()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add), ("RESPONSE_MAX_TOOL_DEPTH", "2"));
        host.Llm.Calls(("a", "add", """{"n":1}"""));
        host.Llm.Calls(("b", "add", """{"n":2}"""));
        host.Llm.Calls(("c", "add", """{"n":3}"""));
        host.Llm.Says("That is all I know.");
        var response = Given.Response(Hello);

        var journal = await host.RunAsync(response);

        Assert.Equal(("incomplete", "max_tool_depth"), (response.Progress.Status, response.Progress.IncompleteReason));
        Assert.Equal(2, add.Calls.Count);
        Assert.Equal(["completed", "completed", "cancelled"], response.Progress.Executions.Select(one => one.Status));
        var final = host.Llm.Requests.Last().Json;
        Assert.Equal("none", (string?)final["tool_choice"]);
        Assert.Contains("Do not call any tool now", (string?)final["messages"]![0]!["content"], StringComparison.Ordinal);
        Assert.Equal("That is all I know.", Text(response.Progress.Output.Last()));
        journal.Single("response.incomplete");
    }

    [Fact]
    public async Task A_model_that_stops_at_the_depth_by_itself_is_complete()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(ServerTool.Adds()), ("RESPONSE_MAX_TOOL_DEPTH", "1"));
        host.Llm.Calls(("a", "add", """{"n":1}"""));
        host.Llm.Says("One.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal("completed", response.Progress.Status);
    }

    [Fact]
    public async Task Calls_beyond_max_tool_calls_are_not_made()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add));
        host.Llm.Calls(("a", "add", """{"n":1}"""), ("b", "add", """{"n":2}"""), ("c", "add", """{"n":3}"""));
        host.Llm.Says("Only one.");
        var response = Given.Response("""{"model":"m","input":"x","max_tool_calls":1}""");

        await host.RunAsync(response);

        Assert.Equal(("incomplete", "max_tool_calls"), (response.Progress.Status, response.Progress.IncompleteReason));
        Assert.Equal("a", Assert.Single(add.Calls).CallId);
        var tools = Messages(host, 1).Where(message => (string?)message!["role"] == "tool").ToList();
        Assert.Equal(["a", "b", "c"], tools.Select(message => (string?)message!["tool_call_id"]));
        Assert.Contains("may have 1", (string?)tools[1]!["content"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_call_again_and_again_is_told_then_ends_the_tools()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add), ("Agent:RepeatedCalls", "2"));
        foreach (var id in (string[])["a", "b", "c", "d"])
        {
            host.Llm.Calls((id, "add", """{"n":1}"""));
        }

        host.Llm.Says("Enough.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal(2, add.Calls.Count);
        Assert.Equal(("incomplete", "repeated_tool_calls"), (response.Progress.Status, response.Progress.IncompleteReason));
        Assert.Contains("same arguments 2 times", response.Progress.Executions[2].ModelText, StringComparison.Ordinal);
        Assert.Equal("auto", (string?)host.Llm.Requests.ElementAt(3).Json["tool_choice"] ?? "auto");
    }

    [Fact]
    public async Task A_tool_that_takes_too_long_is_stopped_and_told_to_the_model()
    {
        var stopped = new TaskCompletionSource();
        var slow = new ServerTool("slow", async (_, ct) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                stopped.SetResult();
            }

            return "";
        });
        await using var host = await LoopHost.StartAsync(new TestTools(slow), ("TOOL_EXECUTION_TIMEOUT", "100ms"));
        host.Llm.Calls(("a", "slow", ""));
        host.Llm.Says("It is slow.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var execution = Assert.Single(response.Progress.Executions);
        Assert.Equal("incomplete", execution.Status);
        Assert.Contains("within 0.1 seconds", execution.ModelText, StringComparison.Ordinal);
        Assert.Equal("failed", response.Progress.Output[0].GetProperty("status").GetString());
        Assert.Equal("completed", response.Progress.Status);
    }

    [Fact]
    public async Task A_tool_that_does_not_listen_does_not_hold_the_response()
    {
        var never = new TaskCompletionSource<string>();
        await using var host = await LoopHost.StartAsync(new TestTools(new ServerTool("deaf", (_, _) => never.Task)), ("TOOL_EXECUTION_TIMEOUT", "50ms"));
        host.Llm.Calls(("a", "deaf", "{}"));
        host.Llm.Says("Never mind.");
        var response = Given.Response(Hello);

        var journal = await host.RunAsync(response);
        var events = journal.Events.Count;
        never.SetResult("too late");

        Assert.Equal("incomplete", Assert.Single(response.Progress.Executions).Status);
        Assert.Equal(events, journal.Events.Count);
    }

    [Fact]
    public async Task Time_that_is_over_ends_in_an_answer_without_tools()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(ServerTool.Adds()), ("Agent:TimeLimit", "00:00:10"));
        host.Llm.Says("In short: yes.");
        var response = Given.Response(Hello);
        response.Progress.StartedAt = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1);
        response.Progress.ModelCalls = 1;

        await host.RunAsync(response);

        Assert.Equal(("incomplete", "time_limit"), (response.Progress.Status, response.Progress.IncompleteReason));
        Assert.Equal("none", (string?)host.Llm.Requests.Single().Json["tool_choice"]);
    }

    [Fact]
    public async Task A_model_that_outlasts_the_grace_fails_the_response()
    {
        await using var host = await LoopHost.StartAsync(null, ("Agent:TimeLimit", "00:00:00.050"), ("Agent:Grace", "00:00:00.050"));
        host.Llm.NextChat(exchange => exchange.StallAsync());
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal("failed", response.Progress.Status);
        Assert.Equal(("server_error", 504), (response.Progress.Error!.Code, response.Progress.Error.Status));
    }

    [Fact]
    public async Task Tokens_are_counted_over_all_model_calls()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(ServerTool.Adds()));
        host.Llm.Calls(("a", "add", """{"n":1}"""));
        host.Llm.Says("One.");
        host.Llm.Calls(("a", "add", """{"n":1}"""));
        var (fits, full) = (
            Given.Response("""{"model":"m","input":"x","max_output_tokens":20}"""),
            Given.Response("""{"model":"m","input":"x","max_output_tokens":7}"""));

        await host.RunAsync(fits);
        await host.RunAsync(full);

        Assert.Equal(13, (int)host.Llm.Requests.ElementAt(1).Json["max_completion_tokens"]!);
        Assert.Equal(("incomplete", "max_output_tokens"), (full.Progress.Status, full.Progress.IncompleteReason));
    }

    [Fact]
    public async Task A_long_result_is_cut_with_a_word_about_it()
    {
        await using var host = await LoopHost.StartAsync(
            new TestTools(new ServerTool("long", (_, _) => Task.FromResult(string.Join(' ', Enumerable.Repeat("word", 5000))))), ("Agent:MaxResultTokens", "100"));
        host.Llm.Calls(("a", "long", "{}"));
        host.Llm.Says("Long.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        var told = (string)Messages(host, 1).Last()!["content"]!;
        Assert.InRange(told.Length, 100, 1000);
        Assert.Contains("The result was cut here", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    public async Task Calls_run_side_by_side_unless_they_may_not(bool parallel, int expected)
    {
        var (now, most) = (0, 0);
        var all = new TaskCompletionSource();
        var tool = new ServerTool("work", async (_, ct) =>
        {
            var count = Interlocked.Increment(ref now);
            InterlockedMax(ref most, count);
            if (count == 3 || !parallel)
            {
                all.TrySetResult();
            }

            await all.Task.WaitAsync(ct);
            Interlocked.Decrement(ref now);
            return "done";
        });
        await using var host = await LoopHost.StartAsync(new TestTools(tool));
        host.Llm.Calls(("a", "work", """{"n":1}"""), ("b", "work", """{"n":2}"""), ("c", "work", """{"n":3}"""));
        host.Llm.Says("Done.");
        var response = Given.Response($$"""{"model":"m","input":"x","parallel_tool_calls":{{(parallel ? "true" : "false")}}}""");

        await host.RunAsync(response);

        Assert.Equal(expected, most);
        Assert.Equal(3, tool.Calls.Count);
        Assert.Equal(parallel, host.Llm.Requests.First().Json["parallel_tool_calls"] is null);

        // However they ended, the items are in the order of their places in the stream.
        Assert.Equal(4, response.Progress.Output.Count);
        Assert.Equal("message", response.Progress.Output[3].GetProperty("type").GetString());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private static JsonArray Messages(LoopHost host, int request) => host.Llm.Requests.ElementAt(request).Json["messages"]!.AsArray();

    private static string? Text(System.Text.Json.JsonElement message) => message.GetProperty("content")[0].GetProperty("text").GetString();
}
