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
    public async Task A_call_in_the_background_that_nobody_answered_is_made_once_more_with_the_same_key()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search, background: true);
        var tools = await host.ToolsAsync(response);
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.ErrorAsync(503, "unavailable", "busy"));
        Assert.Equal("found", (await tools.CallAsync(response, "google_search", "{}")).Outcome.ModelText);
        var calls = mcp.Asked("tools/call");
        Assert.Equal(2, calls.Count);
        Assert.All(calls, call => Assert.Equal($"{response.Id}:call_1", call.Header("Idempotency-Key")));
        Assert.All(calls, call => Assert.Equal("call_1", call.Header("X-Tool-Call-ID")));

        // This service appends the items to the conversation; mcp-tools is not to report to them.
        Assert.NotNull(response.ConversationId);
        Assert.All(calls, call => Assert.Null(call.Header("X-Conversation-ID")));

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
        var response = host.Ask(Search, background: true);
        var tools = await host.ToolsAsync(response);
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.ErrorAsync(503, "unavailable", "busy"));
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.ErrorAsync(503, "unavailable", "busy"));
        Assert.Contains("503", (await tools.CallAsync(response, "google_search", "{}")).Outcome.Error, StringComparison.Ordinal);
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.ErrorAsync(500, "internal", "no"));
        Assert.Contains("500", (await tools.CallAsync(response, "google_search", "{}", "call_2")).Outcome.Error, StringComparison.Ordinal);
        Assert.Equal(3, mcp.Asked("tools/call").Count);
    }

    [Fact]
    public async Task A_call_in_the_foreground_has_no_key_and_is_not_repeated_once_it_may_have_had_its_effect()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search);
        var tools = await host.ToolsAsync(response);
        mcp.Upstream.Next(FakeMcpTools.Route, exchange =>
        {
            exchange.Abort();
            return Task.CompletedTask;
        });
        Assert.Contains("could not be reached", (await tools.CallAsync(response, "google_search", "{}")).Outcome.Error, StringComparison.Ordinal);
        Assert.Null(Assert.Single(mcp.Asked("tools/call")).Header("Idempotency-Key"));
    }

    [Fact]
    public async Task A_call_that_is_not_wanted_any_more_ends()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search);
        var tools = await host.ToolsAsync(response);
        var (arrived, gone) = NextStalls(mcp);
        using var cancel = new CancellationTokenSource();
        var running = tools.CallAsync(response, "google_search", "{}", ct: cancel.Token);
        await arrived.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await gone.Soon();
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_call_in_the_background_is_cancelled_there_unless_another_replica_may_ask_for_it(bool isGivenUp, int times)
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search, background: true);
        var tools = await host.ToolsAsync(response);
        var (arrived, _) = NextStalls(mcp);
        using var cancel = new CancellationTokenSource();
        var running = tools.CallAsync(response, "google_search", "{}", ct: cancel.Token);
        await arrived.Soon();
        response.IsGivenUp = () => isGivenUp;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var told = mcp.Asked("notifications/cancelled");
        Assert.Equal(times, told.Count);
        Assert.All(told, one => Assert.Equal("call_1", (string?)one.Json["params"]!["requestId"]));
        Assert.All(told, one => Assert.Equal($"{response.Id}:call_1", one.Header("Idempotency-Key")));
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

    [Theory]
    [InlineData("{oops", "application/json")]
    [InlineData("""{"jsonrpc":"2.0","id":"call_1"}""", "application/json")]
    [InlineData("data: {oops\n\n", "text/event-stream")]
    public async Task What_is_no_answer_fails_the_call(string answer, string contentType)
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search);
        var tools = await host.ToolsAsync(response);
        mcp.Upstream.Next(FakeMcpTools.Route, exchange => exchange.AnswerAsync(answer, contentType));
        var (outcome, _) = await tools.CallAsync(response, "google_search", "{}");
        Assert.NotNull(outcome.Error);
        Assert.Equal("failed", outcome.Item.Text("status"));
    }

    [Fact]
    public async Task Ids_that_no_header_could_carry_are_replaced()
    {
        await using var mcp = await StartAsync();
        await using var host = ToolHost.For(mcp);
        var response = host.Ask(Search, background: true);
        var tools = await host.ToolsAsync(response);
        Assert.Equal("found", (await tools.CallAsync(response, "google_search", "{}", "call\r\nX-Evil: é")).Outcome.ModelText);
        Assert.Equal("found", (await tools.CallAsync(response, "google_search", "{}", new string('c', 1000))).Outcome.ModelText);
        Assert.All(mcp.Asked("tools/call"), call => Assert.Matches("^[0-9a-f]{64}$", call.Header("X-Tool-Call-ID")));
        Assert.Equal(2, mcp.Asked("tools/call").Select(call => call.Header("Idempotency-Key")).Distinct().Count());
    }

    private static (Task Arrived, Task Gone) NextStalls(FakeMcpTools mcp)
    {
        var arrived = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        mcp.Upstream.Next(FakeMcpTools.Route, async exchange =>
        {
            arrived.SetResult();
            await exchange.StallAsync();
            gone.SetResult();
        });
        return (arrived.Task, gone.Task);
    }
}
