using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Streams;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>Speaks MCP over HTTP by hand, so that a test decides about every header.</summary>
public sealed class McpClient(HttpClient http) : IDisposable
{
    private const string Stateless = "2026-07-28";
    private int _ids;

    public HttpClient Http => http;

    /// <summary>Sends a message as it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(string body, string? accept = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/mcp", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
    }

    /// <summary>A request without a handshake, as JSON text.</summary>
    public string Request(string method, string parameters = "{}") =>
        $$"""{"jsonrpc":"2.0","id":{{++_ids}},"method":"{{method}}","params":{{parameters}}}""";

    /// <summary>Sends a request without a handshake and reads the JSON that answers it.</summary>
    public async Task<JsonNode> AskAsync(string method, string parameters = "{}", params (string Name, string Value)[] headers)
    {
        using var answer = await PostAsync(Request(method, parameters), "application/json", headers);
        return await answer.McpAsync();
    }

    /// <summary>Sends a request of revision 2026-07-28 with all that it needs.</summary>
    public Task<HttpResponseMessage> PostStatelessAsync(
        string method, string parameters = "{}", string accept = "application/json, text/event-stream", params (string Name, string Value)[] headers)
    {
        var body = (JsonObject)JsonNode.Parse(Request(method, parameters))!;
        var wanted = (JsonObject)body["params"]!;
        var meta = wanted["_meta"] as JsonObject ?? [];
        meta["io.modelcontextprotocol/protocolVersion"] = Stateless;
        meta["io.modelcontextprotocol/clientInfo"] = JsonNode.Parse("""{"name":"tests","version":"1"}""");
        meta["io.modelcontextprotocol/clientCapabilities"] ??= JsonNode.Parse("{}");
        wanted["_meta"] = meta.DeepClone();
        List<(string, string)> all = [("MCP-Protocol-Version", Stateless), ("Mcp-Method", method), .. headers];
        if ((wanted["name"] ?? wanted["uri"]) is { } name && !headers.Any(header => header.Name == "Mcp-Name"))
        {
            all.Add(("Mcp-Name", (string)name!));
        }

        return PostAsync(body.ToJsonString(), accept, [.. all]);
    }

    /// <summary>The same, and reads the JSON that answers it.</summary>
    public async Task<JsonNode> AskStatelessAsync(string method, string parameters = "{}")
    {
        using var answer = await PostStatelessAsync(method, parameters, "application/json");
        return await answer.McpAsync();
    }

    public void Dispose() => http.Dispose();
}

internal static class McpAnswers
{
    /// <summary>The JSON-RPC message of an answer that is JSON.</summary>
    public static async Task<JsonNode> McpAsync(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync().Soon();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The code of a JSON-RPC error.</summary>
    public static int Code(this JsonNode message) => (int)message["error"]!["code"]!;

    /// <summary>The messages of an answer that is a stream, to its end.</summary>
    public static async Task<IReadOnlyList<JsonNode>> EventsAsync(this HttpResponseMessage answer)
    {
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = await SseReader.OpenAsync(answer);
        return [.. (await reader.RestAsync()).Select(one => one.Json)];
    }

    /// <summary>The same as an element.</summary>
    public static JsonElement Element(this JsonNode? node) => JsonSerializer.SerializeToElement(node);
}
