namespace JanServer.ResponseApi.Tests.Tools;

public sealed class McpApprovalTests
{
    private const string Wiki = """
        "tools":[{"type":"mcp","server_label":"wiki"}]
        """;

    private const string Request = """{"type":"mcp_approval_request","id":"mcpr_1","server_label":"wiki","name":"read","arguments":"{\"page\":\"cats\"}"}""";

    private static async Task<FakeMcpTools> StartAsync() => (await FakeMcpTools.StartAsync())
        .WithWiki("read", _ => FakeMcpTools.Text("read"), """{"readOnlyHint":true}""")
        .WithWiki("write", _ => FakeMcpTools.Text("written"));

    [Fact]
    public async Task A_call_waits_for_the_clients_approval_and_then_runs()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Wiki);
        var tools = await host.ToolsAsync(response);
        var (asked, shown) = await tools.CallAsync(response, "wiki_read", """{"page":"cats"}""");
        Assert.True(asked.AwaitsClient);
        Assert.Equal(["added"], shown.Events);
        Assert.Equal("mcp_approval_request", asked.Item.Text("type"));
        Assert.Equal("mcpr_1", asked.Item.Text("id"));
        Assert.Equal("""{"page":"cats"}""", asked.Item.Text("arguments"));
        Assert.Empty(mcp.Asked("tools/call"));

        var next = host.Ask(Wiki, context: [asked.Item.GetRawText()], input: ["""{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true}"""]);
        var nextTools = await host.ToolsAsync(next);
        var call = Assert.Single(nextTools.Approved);
        Assert.True(call.Approved);
        Assert.Equal("wiki_read", call.FunctionName);
        Assert.Equal("""{"page":"cats"}""", call.Arguments);
        var (ran, _) = await nextTools.CallAsync(next, call.FunctionName, call.Arguments, approval: call.ApprovalRequestId);
        Assert.Equal("read", ran.ModelText);
        Assert.Equal("mcpr_1", ran.Item.Text("approval_request_id"));
    }

    [Fact]
    public async Task A_denial_is_handed_on_with_its_reason()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var tools = await host.ToolsAsync(host.Ask(
            Wiki, input: [Request, """{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":false,"reason":"private"}"""]));
        var call = Assert.Single(tools.Approved);
        Assert.False(call.Approved);
        Assert.Equal("private", call.Reason);
    }

    [Theory]
    [InlineData("""{"type":"mcp_approval_response","approval_request_id":"mcpr_2","approve":true}""", "input[0].approval_request_id")]
    [InlineData("""{"type":"mcp_approval_response","approve":true}""", "input[0].approval_request_id")]
    [InlineData("""{"type":"mcp_approval_response","approval_request_id":"mcpr_1"}""", "input[0].approve")]
    public async Task An_approval_of_nothing_known_is_refused(string answer, string param)
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var error = await host.RefusedAsync(host.Ask(Wiki, context: [Request], input: [answer]));
        Assert.Equal(400, error.Status);
        Assert.Equal(param, error.Param);
    }

    [Fact]
    public async Task A_request_is_answered_once_and_for_a_tool_of_this_request()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        const string Yes = """{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true}""";
        Assert.Contains("already", (await host.RefusedAsync(host.Ask(Wiki, context: [Request, Yes], input: [Yes]))).Message, StringComparison.Ordinal);
        Assert.Equal("input[1].approval_request_id", (await host.RefusedAsync(host.Ask(Wiki, context: [Request], input: [Yes, Yes]))).Param);
        Assert.Contains("not among the tools", (await host.RefusedAsync(host.Ask("\"tools\":[]", context: [Request], input: [Yes]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", true, true)]
    [InlineData("\"always\"", true, true)]
    [InlineData("\"never\"", false, false)]
    [InlineData("""{"never":{"tool_names":["read"]}}""", false, true)]
    [InlineData("""{"always":{"tool_names":["write"]}}""", false, true)]
    [InlineData("""{"never":{"read_only":true}}""", false, true)]
    [InlineData("""{"always":{"tool_names":["read"]},"never":{"tool_names":["write"]}}""", true, false)]
    public async Task The_request_says_which_tools_need_approval(string rule, bool forRead, bool forWrite)
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask($$"""
            "tools":[{"type":"mcp","server_label":"wiki","require_approval":{{rule}}}]
            """);
        var tools = await host.ToolsAsync(response);
        Assert.Equal(forRead, (await tools.CallAsync(response, "wiki_read", "{}")).Outcome.AwaitsClient);
        Assert.Equal(forWrite, (await tools.CallAsync(response, "wiki_write", "{}", "call_2")).Outcome.AwaitsClient);
    }

    [Fact]
    public async Task A_request_cannot_waive_what_whoever_registered_the_server_wants()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).WithWiki("read", _ => FakeMcpTools.Text("read"), approval: "always");
        await using var host = ToolHost.For(mcp, ("Tools:DefaultFromMcpTools", "true"));
        foreach (var members in (string[])["""
            "tools":[{"type":"mcp","server_label":"wiki","require_approval":"never"}]
            """, "\"user\":\"ann\""])
        {
            var response = host.Ask(members);
            Assert.True((await (await host.ToolsAsync(response)).CallAsync(response, "wiki_read", "{}")).Outcome.AwaitsClient);
        }
    }
}
