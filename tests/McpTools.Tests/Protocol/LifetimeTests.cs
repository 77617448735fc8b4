using System.Net;
using JanServer.McpTools.Protocol.Signals;
using JanServer.McpTools.Tools;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>How long requests and streams live.</summary>
public sealed class LifetimeTests(ProtocolService service) : IClassFixture<ProtocolService>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_ends_when_its_client_leaves_unless_it_will_ask_again(bool withKey)
    {
        var name = withKey ? "keyed" : "plain";
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var ended = new TaskCompletionSource<bool>();
        service.Tools.Add(name, async (call, ct) =>
        {
            begun.SetResult();
            try
            {
                await release.Task.WaitAsync(ct);
                ended.SetResult(true);
            }
            catch (OperationCanceledException)
            {
                ended.SetResult(false);
                throw;
            }

            return ToolResults.Of(call.Arguments);
        });
        using var client = service.Client();
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/mcp", UriKind.Relative))
        {
            Content = new StringContent(client.Request("tools/call", $$"""{"name":"{{name}}"}"""), null, "application/json"),
        };
        if (withKey)
        {
            request.Headers.Add("Idempotency-Key", "k");
        }

        var running = client.Http.SendAsync(request, leave.Token);
        await begun.Task.Soon();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        if (withKey)
        {
            // The connection is gone when the server serves this user's next request on a new one; only then may the tool go on.
            Assert.NotNull((await client.AskAsync("ping"))["result"]);
            release.SetResult();
        }

        Assert.Equal(withKey, await ended.Task.Soon());
    }

    [Fact]
    public async Task A_call_that_takes_long_becomes_a_stream_that_is_kept_alive()
    {
        var release = new TaskCompletionSource();
        service.Tools.Add("long", async (call, ct) =>
        {
            await release.Task.WaitAsync(ct);
            return ToolResults.Of(call.Arguments);
        });
        using var client = service.Client();

        using var answer = await client.PostAsync(client.Request("tools/call", """{"name":"long"}"""), "application/json, text/event-stream");
        using var stream = await SseReader.OpenAsync(answer);
        var next = stream.NextAsync();
        await Eventually.True(() => stream.Comments.Count >= 2);
        release.SetResult();

        Assert.NotNull((await next)!.Json["result"]);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_ended_and_says_so()
    {
        await using var hasty = new ProtocolService();
        hasty["McpServer:RequestSeconds"] = "1";
        await hasty.InitializeAsync();
        hasty.Tools.Add("endless", async (call, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return ToolResults.Of(call.Arguments);
        });
        using var client = hasty.Client();

        var message = await client.AskAsync("tools/call", """{"name":"endless"}""");

        Assert.Equal(-32603, message.Code());
        Assert.Contains("longer than 1 second", (string)message["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stateless_client_hears_what_it_asked_for_and_nothing_else()
    {
        using var client = service.Client();
        using var answer = await client.PostStatelessAsync(
            "subscriptions/listen", """{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["test://a"]}}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var stream = await SseReader.OpenAsync(answer);
        var changes = service.Services.GetRequiredService<IListChanges>();

        var acknowledged = (await stream.NextAsync())!.Json;
        Assert.Equal("notifications/subscriptions/acknowledged", (string)acknowledged["method"]!);
        Assert.Equal(["test://a"], acknowledged["params"]!["notifications"]!["resourceSubscriptions"]!.AsArray().Select(uri => (string)uri!));

        await changes.PromptsChangedAsync(null, CancellationToken.None);
        await changes.ResourceUpdatedAsync("test://b", null, CancellationToken.None);
        await changes.ToolsChangedAsync(TestCallers.User().UserId, CancellationToken.None);
        await changes.ResourceUpdatedAsync("test://a", null, CancellationToken.None);
        var updated = (await stream.NextAsync())!.Json;
        Assert.Equal("test://a", (string)updated["params"]!["uri"]!);
        Assert.Equal(1, (int)updated["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!);

        await changes.ToolsChangedAsync(null, CancellationToken.None);
        Assert.Equal("notifications/tools/list_changed", (string)(await stream.NextAsync())!.Json["method"]!);
    }

    [Fact]
    public async Task Streams_end_in_good_order_when_the_server_stops()
    {
        await using var stopping = new ProtocolService();
        await stopping.InitializeAsync();
        using var client = stopping.Client();
        using var answer = await client.PostStatelessAsync("subscriptions/listen", """{"notifications":{"toolsListChanged":true}}""");
        using var stream = await SseReader.OpenAsync(answer);
        Assert.NotNull(await stream.NextAsync());
        var session = await McpSession.ConnectAsync(client);
        using var listening = await session.ListenAsync();

        stopping.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var last = (await stream.NextAsync())!.Json;
        Assert.Equal("complete", (string)last["result"]!["resultType"]!);
        Assert.Equal(1, (int)last["result"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!);
        Assert.Empty(await listening.RestAsync());
    }

    [Fact]
    public async Task A_user_has_so_many_streams_and_no_more()
    {
        await using var narrow = new ProtocolService();
        narrow["McpServer:MaxStreamsPerUser"] = "1";
        await narrow.InitializeAsync();
        using var client = narrow.Client();
        var session = await McpSession.ConnectAsync(client);
        using (await session.ListenAsync())
        {
            using var refused = await client.PostStatelessAsync("subscriptions/listen", """{"notifications":{}}""");
            Assert.Equal(-32600, (await refused.McpAsync()).Code());
        }

        await Eventually.Succeeds(async () =>
        {
            using var again = await session.ListenAsync();
        });
    }

    [Fact]
    public async Task The_stream_takes_a_client_that_accepts_events_and_no_foreign_page()
    {
        using var client = service.Client();
        using var json = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/mcp", UriKind.Relative)) { Headers = { { "Accept", "application/json" } } };
        using var refused = await client.Http.SendAsync(json).Soon();
        Assert.Equal(-32600, (await refused.McpAsync(HttpStatusCode.NotAcceptable)).Code());

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            using var page = new HttpRequestMessage(method, new Uri("/v1/mcp", UriKind.Relative));
            page.Headers.Add("Accept", "text/event-stream");
            page.Headers.Add("Origin", "https://evil.example");
            using var foreign = await client.Http.SendAsync(page).Soon();
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        }

        using var end = await client.Http.DeleteAsync(new Uri("/v1/mcp", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.BadRequest, end.StatusCode);
    }

    [Fact]
    public async Task Without_the_database_whoever_needs_no_session_is_still_served()
    {
        var service = new ProtocolService();
        await using var _ = service;
        await service.InitializeAsync();
        using var client = service.Client();
        Assert.NotNull((await client.AskAsync("tools/list"))["result"]);
        await service.Database.GoAwayAsync();

        Assert.NotNull((await client.AskAsync("tools/call", """{"name":"echo"}"""))["result"]);
        Assert.NotNull((await client.AskStatelessAsync("tools/list"))["result"]);

        // It may be an external server's, which nobody can know now.
        var unknown = await client.AskAsync("tools/call", """{"name":"somebodys_tool"}""");
        Assert.Equal(-32603, unknown.Code());
        Assert.Contains("database is away", (string)unknown["error"]!["message"]!, StringComparison.Ordinal);
        using var handshake = await client.PostAsync(
            client.Request("initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}"""));
        Assert.NotNull((await handshake.McpAsync())["result"]);
        Assert.False(handshake.Headers.Contains("Mcp-Session-Id"));
        using var session = await client.PostAsync(client.Request("ping"), null, ("Mcp-Session-Id", "any"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, session.StatusCode);
        await service.Database.ComeBackAsync();
    }
}
