using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using JanServer.Testing.Upstreams;

namespace JanServer.AppHost.Tests.Agents;

/// <summary>An MCP server with one tool, whose every call has an effect that counts.</summary>
internal sealed class CountingServer : IAsyncDisposable
{
    private readonly FakeUpstream _http;
    private readonly ConcurrentDictionary<int, Pause> _pauses = new();

    private CountingServer(FakeUpstream http)
    {
        _http = http;
        _http.Always("/mcp", AnswerAsync);
    }

    /// <summary>By a name, as an administrator's server is allowed.</summary>
    public Uri Address => new($"http://localhost:{_http.BaseAddress.Port}/mcp");

    /// <summary>The steps that have had their effect, in order.</summary>
    public ConcurrentQueue<int> Effects { get; } = new();

    public static async Task<CountingServer> StartAsync() => new(await FakeUpstream.StartAsync());

    /// <summary>Holds the call of a step, after its effect, until it is let go.</summary>
    public Pause Hold(int step) => _pauses[step] = new();

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private async Task AnswerAsync(FakeExchange exchange)
    {
        if (exchange.Request.Method != "POST")
        {
            await exchange.AnswerAsync("", "text/plain", 405);
            return;
        }

        var asked = exchange.Request.Json;
        var result = await ResultAsync((string)asked["method"]!, asked["params"]);
        if (asked["id"] is not { } id)
        {
            await exchange.AnswerAsync("", "text/plain", 202);
            return;
        }

        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone() };
        answer[result is null ? "error" : "result"] = result ?? new JsonObject { ["code"] = -32601, ["message"] = "no such method" };
        await exchange.JsonAsync(answer.ToJsonString());
    }

    private async Task<JsonObject?> ResultAsync(string method, JsonNode? parameters) => method switch
    {
        "initialize" => new()
        {
            ["protocolVersion"] = "2025-06-18",
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
            ["serverInfo"] = new JsonObject { ["name"] = "counting", ["version"] = "1" },
        },
        "ping" => [],
        "tools/list" => new() { ["tools"] = new JsonArray(Tool()) },
        "tools/call" => await CallAsync((int)parameters!["arguments"]!["step"]!),
        _ => null,
    };

    private async Task<JsonObject> CallAsync(int step)
    {
        Effects.Enqueue(step);
        if (_pauses.TryGetValue(step, out var pause))
        {
            await pause.PassAsync();
        }

        return new() { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = $"step {step} done" }) };
    }

    private static JsonObject Tool() => new()
    {
        ["name"] = "add",
        ["description"] = "Has an effect.",
        ["inputSchema"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["step"] = new JsonObject { ["type"] = "integer" } },
            ["required"] = new JsonArray("step"),
        },
    };
}
