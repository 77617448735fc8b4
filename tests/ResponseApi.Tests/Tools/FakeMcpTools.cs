using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.Tools;

/// <summary>mcp-tools as its clients see it: bare JSON-RPC at <c>/v1/mcp</c>, with the tools that a test gives it.</summary>
internal sealed class FakeMcpTools : IAsyncDisposable
{
    public const string Route = "/v1/mcp";

    private readonly ConcurrentDictionary<string, (string Listed, Func<JsonObject, string> Result)> _tools = new(StringComparer.Ordinal);

    private FakeMcpTools(FakeUpstream upstream)
    {
        Upstream = upstream;
        upstream.Always(Route, AnswerAsync);
    }

    public FakeUpstream Upstream { get; }

    public Uri Address => new(Upstream.BaseAddress, "/");

    /// <summary>The requests of a method, such as <c>tools/call</c>.</summary>
    public IReadOnlyList<RecordedRequest> Asked(string method) =>
        [.. Upstream.Requests.Where(request => request.Path == Route && (string?)request.Json["method"] == method)];

    /// <summary>The arguments of the one call there was.</summary>
    public JsonObject OnlyCall() => Asked("tools/call").Single().Json["params"]!["arguments"]!.AsObject();

    public static async Task<FakeMcpTools> StartAsync() => new(await FakeUpstream.StartAsync());

    /// <summary>Lists a tool, and answers its calls.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="result">The result's fields as JSON, such as <c>"content":[…]</c>.</param>
    /// <param name="properties">Of its input schema.</param>
    /// <param name="annotations">MCP's hints.</param>
    /// <param name="meta">MCP's <c>_meta</c>.</param>
    public FakeMcpTools With(string name, Func<JsonObject, string> result, string properties = "{}", string annotations = "{}", string meta = "{}")
    {
        _tools[name] = (
            $$$"""{"name":"{{{name}}}","description":"What {{{name}}} does","inputSchema":{"type":"object","properties":{{{properties}}},"additionalProperties":false},"annotations":{{{annotations}}},"_meta":{{{meta}}}}""",
            result);
        return this;
    }

    /// <summary>Lists a tool of an external server <c>wiki</c>.</summary>
    public FakeMcpTools WithWiki(string name, Func<JsonObject, string> result, string annotations = "{}", string approval = "never") => With(
        $"wiki_{name}",
        result,
        """{"page":{"type":"string"},"user_id":{"type":"string"}}""",
        annotations,
        $$"""{"janserver/server_label":"wiki","janserver/tool":"{{name}}","janserver/require_approval":"{{approval}}"}""");

    /// <summary>Answers the calls of a tool that is not listed.</summary>
    public FakeMcpTools WithUnlisted(string name, Func<JsonObject, string> result)
    {
        _tools[name] = ("", result);
        return this;
    }

    public static string Text(string text) => $$"""{"content":[{"type":"text","text":{{JsonValue.Create(text).ToJsonString()}}}]}""";

    public static string Structured(string json) => $$"""{"content":[{"type":"text","text":"(the same)"}],"structuredContent":{{json}}}""";

    public static string Error(string text) => $$"""{"isError":true,"content":[{"type":"text","text":"{{text}}"}]}""";

    public ValueTask DisposeAsync() => Upstream.DisposeAsync();

    public Task AnswerAsync(FakeExchange exchange)
    {
        var message = exchange.Request.Json;
        switch ((string?)message["method"])
        {
            case "tools/list":
                var listed = _tools.Values.Select(tool => tool.Listed).Where(tool => tool.Length > 0);
                return exchange.JsonAsync(Result(message, $$"""{"tools":[{{string.Join(',', listed)}}]}"""));
            case "tools/call" when _tools.TryGetValue((string)message["params"]!["name"]!, out var tool):
                return exchange.JsonAsync(Result(message, tool.Result(message["params"]!["arguments"]!.AsObject())));
            case "tools/call":
                return exchange.JsonAsync(
                    $$$"""{"jsonrpc":"2.0","id":{{{message["id"]!.ToJsonString()}}},"error":{"code":-32602,"message":"Unknown tool"}}""", status: 400);
            default:
                return exchange.AnswerAsync("", "text/plain", 202);
        }
    }

    public static string Result(JsonNode request, string result) => $$"""{"jsonrpc":"2.0","id":{{request["id"]!.ToJsonString()}},"result":{{result}}}""";
}
