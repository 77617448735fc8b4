using System.Net;
using JanServer.Testing;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.Gateway.Tests.Routing;

public sealed class McpEndpointTests : IAsyncLifetime
{
    private const string Metadata = "/.well-known/oauth-protected-resource";

    private FakeUpstream _mcp = null!;
    private GatewayFactory _gateway = null!;

    public async Task InitializeAsync()
    {
        _mcp = await FakeUpstream.StartAsync();
        _gateway = await GatewayFactory.NewAsync();
        _gateway["services:mcp-tools:http:0"] = GatewayFactory.Root(_mcp);
        _gateway["Gateway:CorsOrigins:0"] = "https://chat.example.test";
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _mcp.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/mcp")]
    [InlineData("/v1/mcp")]
    public async Task Where_to_sign_in_is_read_without_a_credential_and_only_read(string suffix)
    {
        _mcp.Always(Metadata + suffix, exchange => exchange.JsonAsync("{}"));
        using var anonymous = _gateway.ClientWith("an-expired-token");

        using var answer = await anonymous.GetAsync(new Uri(Metadata + suffix, UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("service:gateway", Callers.Of(Assert.Single(_mcp.Requests))?.Subject);

        using var post = await anonymous.PostAsync(new Uri(Metadata + suffix, UriKind.Relative), null).Soon();
        Assert.Equal(HttpStatusCode.Unauthorized, post.StatusCode);
        await anonymous.ErrorAsync(HttpStatusCode.Unauthorized, Metadata + "/other");
    }

    [Theory]
    [InlineData("POST", "/mcp", "/mcp")]
    [InlineData("GET", "/mcp", "/mcp")]
    [InlineData("DELETE", "/mcp", "/mcp")]
    [InlineData("POST", "/v1/mcp", "/v1/mcp")]
    public async Task A_client_without_a_credential_is_told_where_to_sign_in(string method, string path, string resource)
    {
        using var client = _gateway.Anonymous();
        var expected = $"Bearer resource_metadata=\"{client.BaseAddress!.GetLeftPart(UriPartial.Authority)}{Metadata}{resource}\"";
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        request.Headers.Add("Origin", "https://chat.example.test");

        using var answer = await client.SendAsync(request).Soon();

        await answer.ErrorAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(expected, answer.HeaderOrNull("WWW-Authenticate"));
        Assert.Contains("WWW-Authenticate", answer.HeaderOrNull("Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_that_is_no_good_is_called_invalid_and_the_public_address_counts()
    {
        _gateway["Gateway:PublicUrl"] = "https://jan.example.test/";
        using var client = _gateway.ClientWith("neither-key-nor-token");

        using var answer = await client.PostAsync(new Uri("/mcp", UriKind.Relative), null).Soon();
        Assert.Equal(
            $"Bearer error=\"invalid_token\", resource_metadata=\"https://jan.example.test{Metadata}/mcp\"", answer.HeaderOrNull("WWW-Authenticate"));

        using var other = await client.GetAsync(new Uri("/v1/models", UriKind.Relative)).Soon();
        Assert.Equal("Bearer", other.HeaderOrNull("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("GET", "/mcp")]
    [InlineData("DELETE", "/mcp")]
    [InlineData("POST", "/mcp")]
    [InlineData("GET", "/v1/mcp")]
    public async Task Every_method_arrives_with_the_headers_of_the_protocol(string method, string path)
    {
        _mcp.Always("/v1/mcp", exchange => exchange.JsonAsync("{}"));
        using var client = _gateway.ClientWith(_gateway.NewKey());
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        (string Name, string Value)[] sent =
        [
            ("Mcp-Session-Id", "s"),
            ("MCP-Protocol-Version", "2025-11-25"),
            ("Last-Event-ID", "7"),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", "scrape"),
            ("Mcp-Param-Region", "eu"),
            ("Idempotency-Key", "k"),
            ("X-Tool-Call-ID", "c"),
            ("X-Conversation-ID", "v"),
            ("Origin", "https://chat.example.test"),
        ];
        foreach (var (name, value) in sent)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request).Soon();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var arrived = Assert.Single(_mcp.Requests);
        Assert.Equal(method, arrived.Method);
        Assert.All(sent, header => Assert.Equal(header.Value, arrived.Header(header.Name)));
    }

    [Fact]
    public async Task A_stream_that_breaks_off_gets_no_event_that_is_no_message()
    {
        var seen = new TaskCompletionSource();
        _mcp.Always("/v1/mcp", async exchange =>
        {
            await exchange.EventAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
            await seen.Task.Soon();
            exchange.Abort();
        });
        using var client = _gateway.ClientWith(_gateway.NewKey());
        using var answer = await client.GetAsync(new Uri("/mcp", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).Soon();
        using var events = await SseReader.OpenAsync(answer);

        Assert.NotNull(await events.NextAsync());
        seen.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(events.NextAsync);
    }
}
