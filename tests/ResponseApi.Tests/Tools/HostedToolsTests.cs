using JanServer.Testing;

namespace JanServer.ResponseApi.Tests.Tools;

/// <summary>How mcp-tools is spoken to.</summary>
public sealed class HostedToolsTests
{
    private const string Search = """
        "tools":[{"type":"web_search"}]
        """;

    private static async Task<FakeMcpTools> StartAsync() => (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Text("found"));

    [Fact]
    public async Task An_answer_may_come_as_events_after_notifications_of_progress()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search);
        var tools = await host.ToolsAsync(response);
        mcp.Upstream.Next(FakeMcpTools.Route, async exchange =>
        {
            await exchange.RawAsync(": hello\n\n");
            await exchange.EventAsync("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}""");
            await exchange.EventAsync("""{"jsonrpc":"2.0","id":"other","result":{"content":[]}}""");
            await exchange.EventAsync(FakeMcpTools.Result(exchange.Request.Json, FakeMcpTools.Text("streamed")));
        });
        Assert.Equal("streamed", (await tools.CallAsync(response, "google_search", "{}")).Outcome.ModelText);

        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.RawAsync(": hello\n\n"));
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.RawAsync(": hello\n\n"));
        Assert.Contains("too early", (await tools.CallAsync(response, "google_search", "{}", "call_2")).Outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_nobody_answered_is_made_once_more_with_the_same_key()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search);
        var tools = await host.ToolsAsync(response);
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.ErrorAsync(503, "unavailable", "busy"));
        Assert.Equal("found", (await tools.CallAsync(response, "google_search", "{}")).Outcome.ModelText);
        var calls = mcp.Asked("tools/call");
        Assert.Equal(2, calls.Count);
        Assert.Equal(calls[0].Header("Idempotency-Key"), calls[1].Header("Idempotency-Key"));

        mcp.Upstream.Next(FakeMcpTools.Route, exchange =>
        {
            exchange.Abort();
            return Task.CompletedTask;
        });
        Assert.Equal("found", (await tools.CallAsync(response, "google_search", "{}", "call_2")).Outcome.ModelText);
    }

    [Fact]
    public async Task It_is_made_once_more_and_not_twice_and_not_after_another_error()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search);
        var tools = await host.ToolsAsync(response);
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.ErrorAsync(503, "unavailable", "busy"));
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.ErrorAsync(503, "unavailable", "busy"));
        Assert.Contains("503", (await tools.CallAsync(response, "google_search", "{}")).Outcome.Error, StringComparison.Ordinal);
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.ErrorAsync(500, "internal", "no"));
        Assert.Contains("500", (await tools.CallAsync(response, "google_search", "{}", "call_2")).Outcome.Error, StringComparison.Ordinal);
        Assert.Equal(3, mcp.Asked("tools/call").Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_call_is_cancelled_there_unless_another_replica_may_ask_for_it(bool background)
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search, background: background);
        var tools = await host.ToolsAsync(response);
        var arrived = new TaskCompletionSource();
        mcp.Upstream.Next(FakeMcpTools.Route, exchange =>
        {
            arrived.SetResult();
            return exchange.StallAsync();
        });
        using var cancel = new CancellationTokenSource();
        var running = tools.CallAsync(response, "google_search", "{}", ct: cancel.Token);
        await arrived.Task.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var told = mcp.Asked("notifications/cancelled");
        if (background)
        {
            Assert.Empty(told);
            return;
        }

        Assert.Equal("call_1", (string?)Assert.Single(told).Json["params"]!["requestId"]);
        Assert.Equal($"{response.Id}:call_1", told[0].Header("Idempotency-Key"));
    }

    [Fact]
    public async Task Lists_are_read_page_by_page_and_believed_for_a_while()
    {
        await using var mcp = await StartAsync();
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.JsonAsync(FakeMcpTools.Result(
            exchange.Request.Json, """{"tools":[{"name":"one","inputSchema":{"type":"object"}}],"nextCursor":"more"}""")));
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.JsonAsync(FakeMcpTools.Result(
            exchange.Request.Json, """{"tools":[{"name":"two","inputSchema":{"type":"object"}},{"name":"broken"}]}""")));
        await using var host = ToolHost.For(mcp, ("Tools:DefaultFromMcpTools", "true"));
        Assert.Equal(["one", "two"], (await host.ToolsAsync("\"input\":\"hi\"")).Bindings.Keys);
        Assert.Equal(["one", "two"], (await host.ToolsAsync("\"input\":\"hi\"")).Bindings.Keys);
        var asked = mcp.Asked("tools/list");
        Assert.Equal(2, asked.Count);
        Assert.Equal("more", (string?)asked[1].Json["params"]!["cursor"]);
    }
}
