namespace JanServer.ResponseApi.Tests.Tools;

public sealed class CodeInterpreterTests
{
    private const string Schema = """{"code":{"type":"string"},"language":{"type":"string"},"session_id":{"type":"string"},"approved":{"type":"boolean"}}""";

    private const string Ran =
        """{"stdout":"4\n","stderr":"careful\n","duration_ms":7,"artifacts":[{"name":"plot.png","url":"https://media.example/p"},{"name":"t.csv","url":"https://media.example/t"}]}""";

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
        Assert.Equal("4\ncareful\n", outputs[0].Text("logs"));
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
}
