using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.ResponseApi.Tests.Tools;

public sealed class CodeInterpreterTests
{
    private const string Schema = """{"code":{"type":"string"},"language":{"type":"string"},"session_id":{"type":"string"},"approved":{"type":"boolean"}}""";

    private const string Ran =
        """{"stdout":"4\n","result":"5","stderr":"careful\n","duration_ms":7,"artifacts":[{"name":"plot.png","url":"https://media.example/p"},{"name":"t.csv","url":"https://media.example/t"}]}""";

    [Fact]
    public async Task Code_is_shown_run_and_its_outputs_included()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("python_exec", _ => FakeMcpTools.Structured(Ran), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"code_interpreter","container":{"type":"auto","memory_limit":"4g"}}],"include":["code_interpreter_call.outputs"]
            """);
        var tools = await host.ToolsAsync(response);
        Assert.Equal(["code"], tools.Bindings["python_exec"].Function.Parameters.GetProperty("properties").EnumerateObject().Select(one => one.Name));

        var (outcome, shown) = await tools.CallAsync(response, "python_exec", """{"code":"print(2+2)","approved":true}""");
        Assert.Equal(
            [
                "added", "code_interpreter_call.in_progress", "code_interpreter_call_code.delta", "code_interpreter_call_code.done",
                "code_interpreter_call.interpreting", "code_interpreter_call.completed",
            ],
            shown.Events);
        Assert.Equal("print(2+2)", shown.Fields["code_interpreter_call_code.delta"].Text("delta"));
        Assert.Equal("print(2+2)", shown.Fields["code_interpreter_call_code.done"].Text("code"));
        Assert.Equal("completed", outcome.Item.Text("status"));
        Assert.Equal("print(2+2)", outcome.Item.Text("code"));
        var outputs = outcome.Item.GetProperty("outputs").EnumerateArray().ToList();
        Assert.Equal(2, outputs.Count);
        Assert.Equal("4\n5\ncareful\n", outputs[0].Text("logs"));
        Assert.Equal("https://media.example/p", outputs[1].Text("url"));

        // The model cannot approve for the user, nor choose another's session.
        var sent = mcp.OnlyCall();
        Assert.False(sent.ContainsKey("approved"));
        Assert.Equal($"cntr_{response.Id.Value:n}", (string?)sent["session_id"]);
        Assert.Equal($"cntr_{response.Id.Value:n}", outcome.Item.Text("container_id"));
    }

    [Fact]
    public async Task Outputs_are_null_unless_included()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("python_exec", _ => FakeMcpTools.Structured(Ran), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"code_interpreter","container":"cntr_mine"}]
            """);
        var (outcome, _) = await (await host.ToolsAsync(response)).CallAsync(response, "python_exec", """{"code":"1"}""");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, outcome.Item.GetProperty("outputs").ValueKind);
        Assert.Equal("cntr_mine", outcome.Item.Text("container_id"));
        Assert.Equal("cntr_mine", (string?)mcp.OnlyCall()["session_id"]);
    }

    [Fact]
    public async Task An_automatic_container_is_the_one_that_the_context_used()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("python_exec", _ => FakeMcpTools.Structured(Ran), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(
            """
            "tools":[{"type":"code_interpreter","container":{"type":"auto"}}]
            """,
            context: ["""{"type":"code_interpreter_call","id":"ci_0","container_id":"cntr_before","code":"x=1","status":"completed"}"""]);
        await (await host.ToolsAsync(response)).CallAsync(response, "python_exec", """{"code":"x"}""");
        Assert.Equal("cntr_before", (string?)mcp.OnlyCall()["session_id"]);
    }

    [Fact]
    public async Task A_sandbox_that_is_missing_is_said_to_be()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).WithUnlisted("python_exec", _ => FakeMcpTools.Error("No sandbox is configured."));
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"code_interpreter","container":{"type":"auto"}}]
            """);
        var tools = await host.ToolsAsync(response);
        Assert.Contains("python_exec (code_interpreter)", Assert.Single(tools.Notices), StringComparison.Ordinal);
        var (outcome, _) = await tools.CallAsync(response, "python_exec", """{"code":"1"}""");
        Assert.Equal("failed", outcome.Item.Text("status"));
        Assert.Equal("No sandbox is configured.", outcome.Error);
    }

    [Fact]
    public async Task Code_that_fails_has_run()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With(
            "python_exec",
            _ => """{"isError":true,"content":[{"type":"text","text":"it raised"}],"structuredContent":{"stdout":"","stderr":"ValueError: no","return_code":1,"artifacts":[{"name":"a","mime_type":"image/png","base64":"AAAA"}]}}""",
            Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"code_interpreter","container":{"type":"auto"}}],"include":["code_interpreter_call.outputs"]
            """);
        var (outcome, _) = await (await host.ToolsAsync(response)).CallAsync(response, "python_exec", """{"code":"raise ValueError('no')"}""");
        Assert.Equal("completed", outcome.Item.Text("status"));
        Assert.Equal("ValueError: no", outcome.Item.GetProperty("outputs")[0].Text("logs"));
        Assert.Equal("data:image/png;base64,AAAA", outcome.Item.GetProperty("outputs")[1].Text("url"));
        Assert.Equal("it raised", outcome.ModelText);
    }

    [Fact]
    public async Task Where_the_sandbox_wants_approval_the_client_is_asked_and_its_word_sent()
    {
        await using var mcp = await WithApprovalAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Interpreter);
        var (asked, shown) = await (await host.ToolsAsync(response)).CallAsync(response, "python_exec", """{"code":"1","approved":true}""");
        Assert.True(asked.AwaitsClient);
        Assert.Equal(["added"], shown.Events);
        Assert.Equal(
            ("mcp_approval_request", "mcpr_1", "code_interpreter", "python_exec"),
            (asked.Item.Text("type"), asked.Item.Text("id"), asked.Item.Text("server_label"), asked.Item.Text("name")));
        Assert.Empty(mcp.Asked("tools/call"));

        var next = host.Ask(
            Interpreter, context: [asked.Item.GetRawText()], input: ["""{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true}"""]);
        var tools = await host.ToolsAsync(next);
        var call = Assert.Single(tools.Approved);
        var (ran, _) = await tools.CallAsync(next, call.FunctionName, call.Arguments, approval: call.ApprovalRequestId);
        Assert.Equal(("code_interpreter_call", "ci_1", "completed"), (ran.Item.Text("type"), ran.Item.Text("id"), ran.Item.Text("status")));
        Assert.True((bool)mcp.OnlyCall()["approved"]!);
    }

    [Theory]
    [InlineData("always")]
    [InlineData("never")]
    public async Task As_a_tool_of_the_server_jan_it_asks_too_and_the_model_cannot_agree_for_the_user(string rule)
    {
        await using var mcp = await WithApprovalAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask($$"""
            "tools":[{"type":"mcp","server_label":"jan","require_approval":"{{rule}}"}]
            """);
        var tools = await host.ToolsAsync(response);
        Assert.False(tools.Bindings["python_exec"].Function.Parameters.GetProperty("properties").TryGetProperty("approved", out _));
        Assert.True((await tools.CallAsync(response, "python_exec", """{"code":"1","approved":true}""")).Outcome.AwaitsClient);
        Assert.Empty(mcp.Asked("tools/call"));
        await tools.CallAsync(response, "python_exec", """{"code":"1"}""", approval: "mcpr_1");
        Assert.True((bool)mcp.OnlyCall()["approved"]!);
    }

    [Fact]
    public async Task What_the_model_says_about_approval_is_not_sent()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("python_exec", _ => FakeMcpTools.Structured(Ran), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"mcp","server_label":"jan","require_approval":"never"}]
            """);
        await (await host.ToolsAsync(response)).CallAsync(response, "python_exec", """{"code":"1","approved":true}""");
        Assert.False(mcp.OnlyCall().ContainsKey("approved"));
    }

    [Fact]
    public async Task An_approval_goes_from_one_response_to_the_next()
    {
        await using var mcp = await WithApprovalAsync();
        await using var service = await ResponseService.StartAsync(("services:mcp-tools:http:0", mcp.Upstream.BaseAddress.GetLeftPart(UriPartial.Authority)));
        using var client = service.ClientFor(TestCallers.User());
        var tools = new[] { new { type = "code_interpreter", container = new { type = "auto" } } };
        service.Llm.Calls(("call_1", "python_exec", """{"code":"2+3"}"""));

        var first = await client.RespondAsync(new { model = "m", input = "Run it", tools }).JsonAsync();

        var asked = Assert.Single(first.GetProperty("output").EnumerateArray());
        Assert.StartsWith("mcpr_", asked.Text("id"), StringComparison.Ordinal);
        var stored = await client.AskAsync($"/v1/responses/{first.Text("id")}").JsonAsync();
        Assert.Empty(stored.GetProperty("tool_executions").EnumerateArray());
        service.Llm.Says("Five");
        var approval = new { type = "mcp_approval_response", approval_request_id = asked.Text("id"), approve = true };
        var second = await client.RespondAsync(
            new { model = "m", previous_response_id = first.Text("id"), input = new[] { approval }, tools }).JsonAsync();
        Assert.Equal("Five", second.OutputText());
        Assert.StartsWith("ci_", second.GetProperty("output")[0].Text("id"), StringComparison.Ordinal);
        Assert.True((bool)mcp.OnlyCall()["approved"]!);
    }

    private const string Interpreter = """
        "tools":[{"type":"code_interpreter","container":{"type":"auto"}}]
        """;

    private static async Task<FakeMcpTools> WithApprovalAsync() => (await FakeMcpTools.StartAsync()).With(
        "python_exec", _ => FakeMcpTools.Structured(Ran), Schema, meta: """{"janserver/require_approval":"always"}""");
}
