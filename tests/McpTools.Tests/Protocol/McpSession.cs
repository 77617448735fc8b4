using System.Net;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Streams;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>A client after its handshake.</summary>
public sealed class McpSession : IDisposable
{
    private const string Both = "application/json, text/event-stream";

    private McpSession(McpClient client, string id, string revision, JsonNode handshake)
    {
        Client = client;
        Id = id;
        Revision = revision;
        Handshake = handshake;
    }

    public McpClient Client { get; }

    public string Id { get; }

    public string Revision { get; }

    /// <summary>The result of <c>initialize</c>.</summary>
    public JsonNode Handshake { get; }

    public static async Task<McpSession> ConnectAsync(McpClient client, string revision = "2025-11-25")
    {
        var parameters = $$$"""
            {"protocolVersion":"{{{revision}}}","capabilities":{"elicitation":{}},"clientInfo":{"name":"tests","version":"1"}}
            """;
        using var answer = await client.PostAsync(client.Request("initialize", parameters), Both);
        var result = (await answer.McpAsync())["result"]!;
        var session = new McpSession(client, Assert.Single(answer.Headers.GetValues("Mcp-Session-Id")), (string)result["protocolVersion"]!, result);
        using var accepted = await session.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        return session;
    }

    /// <summary>The same session through another client, such as one of another replica.</summary>
    public McpSession On(McpClient client) => new(client, Id, Revision, Handshake);

    public Task<HttpResponseMessage> PostAsync(string body, string accept = Both) =>
        Client.PostAsync(body, accept, ("Mcp-Session-Id", Id), ("MCP-Protocol-Version", Revision));

    /// <summary>Sends a request and reads its answer, which is a stream when it took long.</summary>
    public async Task<JsonNode> AskAsync(string method, string parameters = "{}")
    {
        using var answer = await PostAsync(Client.Request(method, parameters));
        return answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? (await answer.EventsAsync())[^1] : await answer.McpAsync();
    }

    /// <summary>Opens the stream of notifications.</summary>
    public async Task<SseReader> ListenAsync()
    {
        using var request = Message(HttpMethod.Get);
        var answer = await Client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await SseReader.OpenAsync(answer);
    }

    public async Task<HttpStatusCode> EndAsync()
    {
        using var request = Message(HttpMethod.Delete);
        using var answer = await Client.Http.SendAsync(request).Soon();
        return answer.StatusCode;
    }

    public void Dispose() => Client.Dispose();

    private HttpRequestMessage Message(HttpMethod method)
    {
        var request = new HttpRequestMessage(method, new Uri("/v1/mcp", UriKind.Relative));
        request.Headers.Add("Accept", "text/event-stream");
        request.Headers.Add("Mcp-Session-Id", Id);
        request.Headers.Add("MCP-Protocol-Version", Revision);
        return request;
    }
}
