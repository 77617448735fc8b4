using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.ResponseApi.Tools;
using JanServer.ServiceDefaults.Errors;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.Runs;

public sealed class LoopFailureTests
{
    private const string Hello = """{"model":"m","input":"Hello"}""";

    [Theory]
    [InlineData(400, "invalid_value", "invalid_prompt", 400)]
    [InlineData(400, "context_length_exceeded", "context_length_exceeded", 400)]
    [InlineData(404, "model_not_found", "model_not_found", 404)]
    [InlineData(500, "internal_error", "server_error", 500)]
    public async Task What_the_model_refuses_is_the_responses_error(int status, string code, string expected, int shown)
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.NextChat(exchange => exchange.ErrorAsync(status, code, "No, because."));
        var response = Given.Response(Hello);

        var journal = await host.RunAsync(response);

        Assert.Equal("failed", response.Progress.Status);
        Assert.Equal((expected, "No, because.", shown), (response.Progress.Error!.Code, response.Progress.Error.Message, response.Progress.Error.Status));
        var error = journal.Single("response.failed").GetProperty("response").GetProperty("error");
        Assert.Equal(expected, error.GetProperty("code").GetString());
        Assert.Equal(["failed:"], journal.Checkpoints);
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_before_the_first_byte()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.NextChat(exchange => exchange.ErrorAsync(503, "service_unavailable", "Full."));
        host.Llm.NextChat(exchange => exchange.EventAsync("""{"error":{"message":"Down.","type":"server_error","code":"service_unavailable","param":null}}"""));
        host.Llm.Says("Here.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal("completed", response.Progress.Status);
        Assert.Equal(3, host.Llm.Requests.Count);
    }

    [Fact]
    public async Task Attempts_are_bounded_and_a_long_retry_after_is_not_waited_for()
    {
        await using var host = await LoopHost.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            host.Llm.NextChat(exchange => exchange.ErrorAsync(429, "rate_limit_exceeded", "Slow down."));
        }

        var first = Given.Response(Hello);
        await host.RunAsync(first);
        host.Llm.NextChat(exchange =>
        {
            exchange.Header("Retry-After", "600");
            return exchange.ErrorAsync(429, "rate_limit_exceeded", "Much slower.");
        });
        var second = Given.Response(Hello);
        await host.RunAsync(second);

        Assert.Equal(4, host.Llm.Requests.Count);
        Assert.Equal(("rate_limit_exceeded", 429), (first.Progress.Error!.Code, first.Progress.Error.Status));
        Assert.Equal("Much slower.", second.Progress.Error!.Message);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("end")]
    [InlineData("abort")]
    [InlineData("garbage")]
    public async Task An_answer_that_breaks_off_is_a_failure_and_not_an_answer(string how)
    {
        await using var host = await LoopHost.StartAsync();
        var read = new TaskCompletionSource();
        host.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("Half an"));
            await read.Task;
            switch (how)
            {
                case "error":
                    await exchange.EventAsync("""{"error":{"message":"It broke.","type":"server_error","code":"upstream_error","param":null}}""");
                    break;
                case "garbage":
                    await exchange.EventAsync("""{"choices":[{"delta":""");
                    break;
                case "abort":
                    exchange.Abort();
                    break;
            }
        });
        var response = Given.Response(Hello);
        var journal = new RecordingJournal
        {
            OnEvent = happened =>
            {
                if (happened.Type == "response.output_text.delta")
                {
                    read.TrySetResult();
                }

                return ValueTask.CompletedTask;
            },
        };

        await host.RunAsync(response, journal);

        Assert.Equal("failed", response.Progress.Status);
        Assert.Equal("server_error", response.Progress.Error!.Code);
        Assert.Equal("incomplete", Assert.Single(response.Progress.Output).GetProperty("status").GetString());
        Assert.Single(host.Llm.Requests);
        Assert.Equal("response.failed", journal.Types[^1]);
    }

    [Fact]
    public async Task A_model_that_is_silent_is_given_up()
    {
        await using var host = await LoopHost.StartAsync(null, ("Chat:FirstEvent", "00:00:00.100"), ("Chat:Idle", "00:00:00.100"));
        host.Llm.NextChat(exchange => exchange.StallAsync());
        host.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("Once"));
            await exchange.StallAsync();
        });
        var (first, later) = (Given.Response(Hello), Given.Response(Hello));

        await host.RunAsync(first);
        await host.RunAsync(later);

        Assert.Equal(504, first.Progress.Error!.Status);
        Assert.Equal(504, later.Progress.Error!.Status);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_a_failure()
    {
        await using var host = await LoopHost.StartAsync(null, ("services:llm-api:http:0", "http://127.0.0.1:9"));
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal(("failed", "server_error", 503), (response.Progress.Status, response.Progress.Error!.Code, response.Progress.Error.Status));
    }

    [Fact]
    public async Task A_model_that_does_not_stop_is_given_up()
    {
        await using var host = await LoopHost.StartAsync(null, ("Chat:MaxAnswerBytes", "2000"));
        host.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk(new string('a', 1500)));
            await exchange.EventAsync(OpenAIShapes.Chunk(new string('b', 1500)));
            await exchange.StallAsync();
        });
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal(("failed", 502), (response.Progress.Status, response.Progress.Error!.Status));
        Assert.Contains("longer", response.Progress.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_has_a_bounded_number_of_calls()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add), ("Agent:MaxCallsPerAnswer", "2"));
        host.Llm.Calls(("a", "add", """{"n":1}"""), ("b", "add", """{"n":2}"""), ("c", "add", """{"n":3}"""));
        host.Llm.Says("Two.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal(2, add.Calls.Count);
        Assert.Equal("completed", response.Progress.Status);
        Assert.Equal("cancelled", response.Progress.Executions[2].Status);
    }

    [Fact]
    public async Task A_tool_that_fails_or_breaks_is_told_to_the_model()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(
            new ServerTool("fails", (_, _) => Task.FromResult("Error: no such page")),
            new ServerTool("breaks", (_, _) => throw new InvalidOperationException("secret detail"))));
        host.Llm.Calls(("a", "fails", "{}"), ("b", "breaks", "{}"));
        host.Llm.Says("Both failed.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal("completed", response.Progress.Status);
        Assert.Equal(["failed", "failed"], response.Progress.Executions.Select(one => one.Status));
        var told = host.Llm.Requests.Last().Json["messages"]!.ToJsonString();
        Assert.Contains("no such page", told, StringComparison.Ordinal);
        Assert.Contains("The tool failed", told, StringComparison.Ordinal);
        Assert.DoesNotContain("secret detail", told, StringComparison.Ordinal);
        Assert.All(response.Progress.Output.Take(2), item => Assert.Equal("failed", item.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("nothing", "{}", "There is no tool 'nothing'. The tools are: add.")]
    [InlineData("add", "{\"n\":", "not a JSON object")]
    [InlineData("add", "[1]", "not a JSON object")]
    public async Task A_call_that_cannot_be_made_is_told_to_the_model(string name, string arguments, string expected)
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add));
        host.Llm.Calls(("a", name, arguments));
        host.Llm.Says("Sorry.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Empty(add.Calls);
        Assert.Equal("completed", response.Progress.Status);
        var messages = host.Llm.Requests.Last().Json["messages"]!.AsArray();
        Assert.Contains(expected, (string?)messages[2]!["content"], StringComparison.Ordinal);

        // Engines read the arguments back, so they are an object again.
        System.Text.Json.JsonDocument.Parse((string)messages[1]!["tool_calls"]![0]!["function"]!["arguments"]!);
        Assert.Equal("failed", Assert.Single(response.Progress.Executions).Status);
    }

    [Fact]
    public async Task Empty_arguments_are_an_empty_object()
    {
        var tool = new ServerTool("now", (_, _) => Task.FromResult("noon"));
        await using var host = await LoopHost.StartAsync(new TestTools(tool));
        host.Llm.Calls(("a", "now", ""));
        host.Llm.Says("Noon.");

        await host.RunAsync(Given.Response(Hello));

        Assert.Equal("{}", Assert.Single(tool.Calls).Arguments);
    }

    [Fact]
    public async Task Ids_that_a_model_repeats_are_renamed()
    {
        var add = ServerTool.Adds();
        await using var host = await LoopHost.StartAsync(new TestTools(add));
        host.Llm.Calls(("call_0", "add", """{"n":1}"""));
        host.Llm.Calls(("call_0", "add", """{"n":2}"""));
        host.Llm.Says("Three.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal(2, add.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
        Assert.Equal(["1", "2"], response.Progress.Executions.Select(one => one.ModelText));
        Assert.Equal("call_0", response.Progress.Executions[0].CallId);
    }

    [Fact]
    public async Task A_model_without_tools_is_asked_once_more_without_them()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(ServerTool.Adds()));
        host.Llm.NextChat(exchange => exchange.ErrorAsync(400, "invalid_value", "registry/m does not support tools"));
        host.Llm.Says("Without.");
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal("completed", response.Progress.Status);
        var second = host.Llm.Requests.ElementAt(1).Json;
        Assert.Null(second["tools"]);
        Assert.Contains("No tools can be used", (string?)second["messages"]![0]!["content"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_that_cannot_be_found_out_fail_the_response()
    {
        await using var host = await LoopHost.StartAsync(new TestTools { Error = ApiError.Invalid("tools[0].server_url", "It must be a URL.") });
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal(("invalid_prompt", 400, "tools[0].server_url"), (response.Progress.Error!.Code, response.Progress.Error.Status, response.Progress.Error.Param));
        Assert.Empty(host.Llm.Requests);
    }

    [Fact]
    public async Task Notices_are_in_the_instructions_and_opening_items_come_first()
    {
        await using var host = await LoopHost.StartAsync(new TestTools
        {
            Notices = ["The tool web_search cannot be used: no engine."],
            Opening = [Given.Json("""{"id":"mcpl_1","type":"mcp_list_tools","server_label":"s","tools":[]}""")],
        });
        host.Llm.Says("Hi.");
        var response = Given.Response("""{"model":"m","input":"x","instructions":"Be kind."}""");

        var journal = await host.RunAsync(response);

        Assert.Equal("Be kind.\n\nThe tool web_search cannot be used: no engine.", (string?)host.Llm.Requests.Single().Json["messages"]![0]!["content"]);
        Assert.Equal(
            ["response.output_item.added", "response.mcp_list_tools.in_progress", "response.mcp_list_tools.completed", "response.output_item.done"],
            journal.Types.Skip(2).Take(4));
        Assert.Equal("mcp_list_tools", response.Progress.Output[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_forced_call_is_forced_once()
    {
        await using var host = await LoopHost.StartAsync(new TestTools(ServerTool.Adds()) { Choice = new ToolChoice("required", ["add"]) });
        host.Llm.Calls(("a", "add", """{"n":1}"""));
        host.Llm.Says("One.");

        await host.RunAsync(Given.Response(Hello));

        Assert.Equal("add", (string?)host.Llm.Requests.First().Json["tool_choice"]!["function"]!["name"]);
        Assert.Null(host.Llm.Requests.Last().Json["tool_choice"]);
    }
}
