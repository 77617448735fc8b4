using System.Text.Json.Nodes;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.Runs;

public sealed class AgentLoopTests
{
    private const string Hello = """{"model":"m","input":"Hello"}""";
    private const string WithFunction = """{"model":"m","input":"Hello","tools":[{"type":"function","name":"weather","parameters":{"type":"object"}}]}""";

    [Fact]
    public async Task An_answer_of_text_is_a_message_with_all_its_events()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.Says("Hel", "lo");
        var response = Given.Response(Hello);

        var journal = await host.RunAsync(response);

        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done",
                "response.output_item.done", "response.completed",
            ],
            journal.Types);
        Assert.Equal(Enumerable.Range(0, 10).Select(number => (long)number), journal.Events.Select(one => one.GetProperty("sequence_number").GetInt64()));
        var message = Assert.Single(response.Progress.Output);
        Assert.Equal("Hello", message.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("completed", message.GetProperty("status").GetString());
        Assert.Equal("completed", response.Progress.Status);
        Assert.Equal(new(3, 0, 2, 0), response.Progress.Usage);
        Assert.Equal(["completed:"], journal.Checkpoints);
        var last = journal.Single("response.completed").GetProperty("response");
        Assert.Equal(message.GetRawText(), last.GetProperty("output")[0].GetRawText());
        Assert.Equal(5, last.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task The_model_is_asked_by_stream_without_storing_and_for_the_caller()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.Says("x");
        var response = Given.Response("""{"model":"m","input":"Hi","instructions":"Be kind.","temperature":0.5,"max_output_tokens":50}""");

        await host.RunAsync(response);

        var asked = Assert.Single(host.Llm.Requests);
        var body = asked.Json;
        Assert.Equal("m", (string?)body["model"]);
        Assert.True((bool)body["stream"]!);
        Assert.True((bool)body["stream_options"]!["include_usage"]!);
        Assert.False((bool)body["store"]!);
        Assert.Null(body["conversation"]);
        Assert.Equal(0.5, (double)body["temperature"]!);
        Assert.Equal(50, (int)body["max_completion_tokens"]!);
        Assert.Equal("""[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}]""", body["messages"]!.ToJsonString());
        Assert.NotNull(asked.Header("X-Jan-Caller") ?? asked.Headers.Keys.FirstOrDefault(name => name.Contains("Caller", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_call_of_the_clients_function_ends_the_response()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.Calls(("call_1", "weather", """{"city":"Oslo"}"""));
        var response = Given.Response(WithFunction);

        var journal = await host.RunAsync(response);

        var call = Assert.Single(response.Progress.Output);
        Assert.Equal("function_call", call.GetProperty("type").GetString());
        Assert.Equal("call_1", call.GetProperty("call_id").GetString());
        Assert.Equal("""{"city":"Oslo"}""", call.GetProperty("arguments").GetString());
        Assert.Equal("completed", call.GetProperty("status").GetString());
        Assert.Equal("completed", response.Progress.Status);
        Assert.Equal(
            ["response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.delta",
                "response.function_call_arguments.done", "response.output_item.done"],
            journal.Types.Skip(2).SkipLast(1));
        Assert.Equal("weather", journal.Single("response.function_call_arguments.done").GetProperty("name").GetString());
        Assert.Empty(response.Progress.Executions);
    }

    [Fact]
    public async Task A_custom_tools_input_is_text()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.Calls(("call_1", "shell", """{"input":"ls -l"}"""));
        var response = Given.Response("""{"model":"m","input":"Hello","tools":[{"type":"custom","name":"shell"}]}""");

        var journal = await host.RunAsync(response);

        var call = Assert.Single(response.Progress.Output);
        Assert.Equal("custom_tool_call", call.GetProperty("type").GetString());
        Assert.Equal("ls -l", call.GetProperty("input").GetString());
        Assert.Equal("ls -l", journal.Single("response.custom_tool_call_input.delta").GetProperty("delta").GetString());
        Assert.Equal("ls -l", journal.Single("response.custom_tool_call_input.done").GetProperty("input").GetString());
    }

    [Fact]
    public async Task Tools_run_here_and_the_model_sees_their_results()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add));
        host.Llm.Calls(("call_1", "add", """{"n":1,"m":2}"""));
        host.Llm.Says("Three.");
        var response = Given.Response(Hello);

        var journal = await host.RunAsync(response);

        Assert.Equal("completed", response.Progress.Status);
        Assert.Equal(["mcp_call", "message"], response.Progress.Output.Select(item => item.GetProperty("type").GetString()));
        var execution = Assert.Single(response.Progress.Executions);
        Assert.Equal(("call_1", "add", "completed", "3", 1, 1), (execution.CallId, execution.ToolName, execution.Status, execution.ModelText, execution.Order, execution.ModelCall));
        Assert.NotNull(execution.CompletedAt);
        Assert.Equal($"{response.Id}:call_1", Assert.Single(add.Calls).IdempotencyKey);
        Assert.Equal(["in_progress:in_progress", "in_progress:completed", "completed:completed"], journal.Checkpoints);
        var messages = (await SecondAsync(host))["messages"]!.AsArray();
        Assert.Equal("call_1", (string?)messages[1]!["tool_calls"]![0]!["id"]);
        Assert.Equal("""{"role":"tool","tool_call_id":"call_1","content":"3"}""", messages[2]!.ToJsonString());
        Assert.Equal(new(13, 0, 8, 0), response.Progress.Usage);
        Assert.Equal(2, response.Progress.ModelCalls);
    }

    [Fact]
    public async Task A_client_call_ends_the_response_after_the_tools_of_the_same_answer()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(ServerTool.Adds()));
        host.Llm.Calls(("call_1", "weather", "{}"), ("call_2", "add", """{"n":4}"""));
        var response = Given.Response(WithFunction);

        await host.RunAsync(response);

        Assert.Equal("completed", response.Progress.Status);
        Assert.Equal(["function_call", "mcp_call"], response.Progress.Output.Select(item => item.GetProperty("type").GetString()));
        Assert.Equal("4", Assert.Single(response.Progress.Executions).ModelText);
        Assert.Single(host.Llm.Requests);
    }

    [Fact]
    public async Task Reasoning_is_an_item_and_a_summary_when_asked_for()
    {
        await using var host = await LoopHost.StartAsync();
        foreach (var _ in (int[])[1, 2])
        {
            host.Llm.NextChat(async exchange =>
            {
                await exchange.EventAsync(ChatScripts.Delta(new { reasoning_content = "Let me " }));
                await exchange.EventAsync(ChatScripts.Delta(new { reasoning_content = "think." }));
                await exchange.EventAsync(ChatScripts.Delta(new { content = "42" }));
                await exchange.EventAsync(OpenAIShapes.FinishChunk());
                await exchange.DoneAsync();
            });
        }

        var (plain, summed) = (Given.Response(Hello), Given.Response("""{"model":"m","input":"x","reasoning":{"summary":"auto"}}"""));
        var first = await host.RunAsync(plain);
        var second = await host.RunAsync(summed);

        Assert.Equal("Let me think.", plain.Progress.Output[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(2, first.Of("response.reasoning_text.delta").Count);
        Assert.Equal("Let me think.", first.Single("response.reasoning_text.done").GetProperty("text").GetString());
        Assert.Equal("Let me think.", summed.Progress.Output[0].GetProperty("summary")[0].GetProperty("text").GetString());
        Assert.Equal(2, second.Of("response.reasoning_summary_text.delta").Count);
        Assert.Equal("Let me think.", second.Single("response.reasoning_summary_part.done").GetProperty("part").GetProperty("text").GetString());
        Assert.Equal("message", summed.Progress.Output[1].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("length", "max_output_tokens")]
    [InlineData("content_filter", "content_filter")]
    public async Task An_answer_that_is_cut_off_is_incomplete(string finish, string reason)
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("Once"));
            await exchange.EventAsync(OpenAIShapes.FinishChunk(finish));
            await exchange.DoneAsync();
        });
        var response = Given.Response(Hello);

        var journal = await host.RunAsync(response);

        Assert.Equal(("incomplete", reason), (response.Progress.Status, response.Progress.IncompleteReason));
        Assert.Equal("incomplete", response.Progress.Output[0].GetProperty("status").GetString());
        Assert.Equal(reason, journal.Single("response.incomplete").GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_refusal_is_a_part_of_its_own()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(ChatScripts.Delta(new { refusal = "I will " }));
            await exchange.EventAsync(ChatScripts.Delta(new { refusal = "not." }, "stop"));
            await exchange.DoneAsync();
        });
        var response = Given.Response(Hello);

        var journal = await host.RunAsync(response);

        Assert.Equal("I will not.", response.Progress.Output[0].GetProperty("content")[0].GetProperty("refusal").GetString());
        Assert.Equal(2, journal.Of("response.refusal.delta").Count);
        Assert.Equal("I will not.", journal.Single("response.refusal.done").GetProperty("refusal").GetString());
    }

    [Fact]
    public async Task Log_probabilities_are_shown_when_asked_for()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.NextChat(async exchange =>
        {
            foreach (var token in (string[])["a", "b"])
            {
                await exchange.EventAsync("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + token + "\"},\"logprobs\":{\"content\":[{\"token\":\"" + token
                    + "\",\"logprob\":-0.1,\"bytes\":[97],\"top_logprobs\":[]}]},\"finish_reason\":null}]}");
            }

            await exchange.EventAsync(OpenAIShapes.FinishChunk());
            await exchange.DoneAsync();
        });
        var response = Given.Response("""{"model":"m","input":"x","include":["message.output_text.logprobs"],"top_logprobs":2}""");

        var journal = await host.RunAsync(response);

        Assert.Equal("a", journal.Of("response.output_text.delta")[0].GetProperty("logprobs")[0].GetProperty("token").GetString());
        var all = response.Progress.Output[0].GetProperty("content")[0].GetProperty("logprobs");
        Assert.Equal(["a", "b"], all.EnumerateArray().Select(one => one.GetProperty("token").GetString()));
        Assert.Equal(2, (int)host.Llm.Requests.Single().Json["top_logprobs"]!);
    }

    [Fact]
    public async Task Cancellation_reaches_the_model()
    {
        await using var host = await LoopHost.StartAsync();
        var gone = new TaskCompletionSource();
        host.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("Once upon"));
            await exchange.StallAsync();
            gone.SetResult();
        });
        using var cancel = new CancellationTokenSource();
        var journal = new RecordingJournal
        {
            OnEvent = async happened => await (happened.Type == "response.output_text.delta" ? cancel.CancelAsync() : Task.CompletedTask),
        };
        var response = Given.Response(Hello);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync(response, journal, cancel.Token));

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("in_progress", response.Progress.Status);
        Assert.DoesNotContain("response.failed", journal.Types);
        var kept = Assert.Single(response.Progress.Output);
        Assert.Equal(("incomplete", "Once upon"), (kept.GetProperty("status").GetString(), kept.GetProperty("content")[0].GetProperty("text").GetString()));
    }

    private static Task<JsonNode> SecondAsync(LoopHost host) => Task.FromResult(host.Llm.Requests.ElementAt(1).Json);
}
