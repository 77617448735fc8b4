using System.Text.Json.Nodes;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.RemoteServers;

/// <summary>A foreign MCP server with a handshake, as most are.</summary>
internal sealed class FakeMcpServer : IAsyncDisposable
{
    public const string Route = "/mcp";

    private FakeMcpServer(FakeUpstream upstream)
    {
        Upstream = upstream;
        upstream.Always(Route, AnswerAsync);
    }

    public FakeUpstream Upstream { get; }

    public Uri Address => new(Upstream.BaseAddress, Route);

    /// <summary>The result of the next calls.</summary>
    public string Result { get; set; } = """{"content":[{"type":"text","text":"hello"}]}""";

    public string Tools { get; set; } =
        """[{"name":"greet","description":"Greets","inputSchema":{"type":"object","properties":{"name":{"type":"string"}}}},{"name":"look","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]""";

    public static async Task<FakeMcpServer> StartAsync() => new(await FakeUpstream.StartAsync());

    public IReadOnlyList<RecordedRequest> Asked(string method) =>
        [.. Upstream.Requests.Where(request => request.Method == "POST" && (string?)request.Json["method"] == method)];

    public ValueTask DisposeAsync() => Upstream.DisposeAsync();

    public Task AnswerAsync(FakeExchange exchange)
    {
        if (exchange.Request.Method != "POST")
        {
            return exchange.AnswerAsync("", "text/plain", exchange.Request.Method == "DELETE" ? 200 : 405);
        }

        var message = exchange.Request.Json;
        switch ((string?)message["method"])
        {
            case "initialize":
                exchange.Header("Mcp-Session-Id", "session-1");
                return Answer(
                    exchange, message, """{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"fake","version":"1"}}""");
            case "tools/list":
                return Answer(exchange, message, $$"""{"tools":{{Tools}}}""");
            case "tools/call":
                return Answer(exchange, message, Result);
            case var method when method!.StartsWith("notifications/", StringComparison.Ordinal):
                return exchange.AnswerAsync("", "text/plain", 202);
            default:
                return exchange.JsonAsync(
                    $$$"""{"jsonrpc":"2.0","id":{{{message["id"]!.ToJsonString()}}},"error":{"code":-32601,"message":"Method not found"}}""");
        }
    }

    private static Task Answer(FakeExchange exchange, JsonNode message, string result) =>
        exchange.JsonAsync($$"""{"jsonrpc":"2.0","id":{{message["id"]!.ToJsonString()}},"result":{{result}}}""");
}
