using System.Text.Json;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Tests.Tools;

/// <summary>Tools of type <c>mcp</c> whose server mcp-tools knows.</summary>
public sealed class McpServerTests
{
    private const string Wiki = """
        "tools":[{"type":"mcp","server_label":"wiki","require_approval":"never"}]
        """;

    private static async Task<FakeMcpTools> StartAsync() => (await FakeMcpTools.StartAsync())
        .WithWiki("read", arguments => FakeMcpTools.Text($"page {arguments["page"]}"), """{"readOnlyHint":true}""")
        .WithWiki("write", _ => FakeMcpTools.Error("The page is locked."))
        .With("wiki_pedia", _ => FakeMcpTools.Text("no"))
        .With("other_tool", _ => FakeMcpTools.Text("no"));

    [Fact]
    public async Task The_tools_of_a_registered_server_are_listed_offered_and_called()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Wiki);
        var tools = await host.ToolsAsync(response);

        Assert.Equal(["wiki_read", "wiki_write"], tools.Bindings.Keys.Order());
        var listed = Assert.Single(tools.Opening);
        Assert.Equal("mcp_list_tools", listed.Text("type"));
        Assert.Equal(["read", "write"], listed.GetProperty("tools").EnumerateArray().Select(tool => tool.Text("name")).Order());

        var (outcome, shown) = await tools.CallAsync(response, "wiki_read", """{"page":"cats"}""");
        Assert.Equal(["added", "mcp_call.in_progress", "mcp_call_arguments.delta", "mcp_call_arguments.done", "mcp_call.completed"], shown.Events);
        Assert.Equal("page cats", outcome.ModelText);
        Assert.Equal("page cats", outcome.Item.Text("output"));
        Assert.Equal("read", outcome.Item.Text("name"));
        Assert.Equal("wiki", outcome.Item.Text("server_label"));
        Assert.Equal("""{"page":"cats"}""", outcome.Item.Text("arguments"));
        Assert.Equal(JsonValueKind.Null, outcome.Item.GetProperty("error").ValueKind);
        Assert.Equal("wiki_read", (string?)mcp.Asked("tools/call").Single().Json["params"]!["name"]);
    }

    [Fact]
    public async Task What_goes_wrong_is_on_the_item_and_told_to_the_model()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Wiki);
        var tools = await host.ToolsAsync(response);
        var (outcome, shown) = await tools.CallAsync(response, "wiki_write", "{}");
        Assert.Equal("mcp_call.failed", shown.Events[^1]);
        Assert.Equal("failed", outcome.Item.Text("status"));
        Assert.Equal("mcp_tool_execution_error", outcome.Item.GetProperty("error").Text("type"));
        Assert.Equal("The page is locked.", outcome.Error);
        Assert.Contains("The page is locked.", outcome.ModelText, StringComparison.Ordinal);

        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.JsonAsync("""{"jsonrpc":"2.0","id":"call_2","error":{"code":-32602,"message":"No such page"}}"""));
        var (refused, _) = await tools.CallAsync(response, "wiki_read", "{}", "call_2");
        Assert.Equal("mcp_protocol_error", refused.Item.GetProperty("error").Text("type"));
        Assert.Equal(-32602, refused.Item.GetProperty("error").GetProperty("code").GetInt32());

        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.AnswerAsync("oops", "text/plain", 500));
        var (broken, _) = await tools.CallAsync(response, "wiki_read", "{}", "call_3");
        Assert.Equal("http_error", broken.Item.GetProperty("error").Text("type"));
        Assert.Equal(500, broken.Item.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("""["read"]""", "wiki_read")]
    [InlineData("""{"tool_names":["write"]}""", "wiki_write")]
    [InlineData("""{"read_only":true}""", "wiki_read")]
    [InlineData("""{"read_only":false}""", "wiki_write")]
    public async Task Only_tools_that_are_allowed_are_offered(string allowed, string function)
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var tools = await host.ToolsAsync($$"""
            "tools":[{"type":"mcp","server_label":"wiki","allowed_tools":{{allowed}}}]
            """);
        Assert.Equal([function], tools.Bindings.Keys);
        Assert.Single(tools.Opening[0].GetProperty("tools").EnumerateArray());
    }

    [Fact]
    public async Task A_server_nobody_registered_is_refused()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var error = await host.RefusedAsync(host.Ask("""
            "tools":[{"type":"mcp","server_label":"nowhere"}]
            """));
        Assert.Equal("tools[0].server_label", error.Param);
        Assert.Equal("tools[0].connector_id", (await host.RefusedAsync(host.Ask("""
            "tools":[{"type":"mcp","server_label":"mail","connector_id":"connector_gmail"}]
            """))).Param);
        Assert.Equal("tools[1].server_label", (await host.RefusedAsync(host.Ask("""
            "tools":[{"type":"mcp","server_label":"wiki"},{"type":"mcp","server_label":"wiki"}]
            """))).Param);
    }

    [Fact]
    public async Task A_connector_is_a_registered_server_under_another_label()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var tools = await host.ToolsAsync("""
            "tools":[{"type":"mcp","server_label":"books","connector_id":"wiki"}],"tool_choice":{"type":"mcp","server_label":"books","name":"read"}
            """);
        Assert.Equal(["wiki_read"], tools.Choice.Functions);
        Assert.Equal("books", tools.Opening[0].Text("server_label"));
    }

    [Fact]
    public async Task A_list_that_the_context_has_is_not_shown_again()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        const string Listed = """{"type":"mcp_list_tools","id":"mcpl_1","server_label":"wiki","tools":[{"name":"read","description":"old","input_schema":{"type":"object"},"annotations":null}]}""";
        var response = host.Ask(Wiki, context: [Listed]);
        var tools = await host.ToolsAsync(response);
        Assert.Empty(tools.Opening);
        var (outcome, _) = await tools.CallAsync(response, "wiki_read", """{"page":"x"}""");
        Assert.Equal("page x", outcome.ModelText);

        Assert.Empty((await host.ToolsAsync(host.Ask(Wiki, progress: new() { Output = { ToolHost.Json(Listed) } }))).Opening);
        Assert.Single((await host.ToolsAsync(host.Ask(Wiki, context: [Listed.Replace("\"wiki\"", "\"else\"", StringComparison.Ordinal)]))).Opening);
    }

    [Fact]
    public async Task A_tool_has_the_name_that_mcp_tools_gave_it()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With(
            "wiki_a_very_long_name_0123abcd", _ => FakeMcpTools.Text("done"), meta: """{"janserver/server_label":"wiki","janserver/tool":"a.very.long.name"}""");
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Wiki);
        var tools = await host.ToolsAsync(response);
        var (outcome, _) = await tools.CallAsync(response, "wiki_a_very_long_name_0123abcd", "{}");
        Assert.Equal("done", outcome.ModelText);
        Assert.Equal("a.very.long.name", outcome.Item.Text("name"));
    }

    [Fact]
    public async Task A_list_that_cannot_be_had_is_shown_as_failed()
    {
        await using var host = ToolHost.For(null);
        var tools = await host.ToolsAsync(Wiki);
        Assert.Empty(tools.Bindings);
        Assert.Contains("could not be reached", tools.Opening[0].Text("error"), StringComparison.Ordinal);
        Assert.Contains("wiki", Assert.Single(tools.Notices), StringComparison.Ordinal);
        var shown = new ShownItem();
        await OpeningItems.ShowAsync(tools.Opening[0], shown, CancellationToken.None);
        Assert.Equal(["added", "mcp_list_tools.in_progress", "mcp_list_tools.failed"], shown.Events);
    }

    [Fact]
    public async Task A_list_is_shown_with_its_events()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var shown = new ShownItem();
        await OpeningItems.ShowAsync((await host.ToolsAsync(Wiki)).Opening[0], shown, CancellationToken.None);
        Assert.Equal(["added", "mcp_list_tools.in_progress", "mcp_list_tools.completed"], shown.Events);
    }
}
