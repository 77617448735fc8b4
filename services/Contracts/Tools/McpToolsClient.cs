using System.Net.ServerSentEvents;
using System.Text.Json;

namespace JanServer.Contracts.Tools;

/// <summary>
/// Lists and calls the tools of mcp-tools: MCP over HTTP, each request for itself, without a session. The client has no retry and no
/// timeout of its own; the token bounds every wait.
/// </summary>
/// <param name="http">With the address of mcp-tools.</param>
/// <param name="prepare">Adds to each request for whom it is made; may do nothing.</param>
public sealed class McpToolsClient(HttpClient http, Action<HttpRequestMessage>? prepare = null)
{
    private const int MaxPages = 50;
    private const int MaxAnswerBytes = 64 << 20;

    private static readonly Uri Route = new("v1/mcp", UriKind.Relative);

    /// <summary>All tools that the caller may use, page by page.</summary>
    public async Task<(IReadOnlyList<McpTool>? Tools, McpFailure? Failure)> ListAsync(CancellationToken ct)
    {
        var tools = new List<McpTool>();
        string? cursor = null;
        for (var page = 1; page <= MaxPages; page++)
        {
            var id = $"list-{page}";
            using var request = Message(McpMessages.List(id, cursor));
            var (result, failure) = await SendAsync(request, id, ct).ConfigureAwait(false);
            if (result is not { } listed)
            {
                return (null, failure);
            }

            var (some, next) = McpMessages.Tools(listed);
            tools.AddRange(some);
            if (next is null)
            {
                return (tools, null);
            }

            cursor = next;
        }

        return (tools, null);
    }

    /// <summary>Calls a tool. What the tool itself says went wrong is a result.</summary>
    public async Task<(McpToolResult? Result, McpFailure? Failure)> CallAsync(McpToolCall call, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var request = Message(McpMessages.Call(call));
        Mark(request, call);
        var (result, failure) = await SendAsync(request, call.CallId, ct).ConfigureAwait(false);
        return result is { } answered ? (McpMessages.Result(answered), null) : (null, failure);
    }

    /// <summary>Tells that the answer of a call with an idempotency key is not wanted by anybody any more, so that what it does can stop.</summary>
    public async Task CancelAsync(McpToolCall call, string reason, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var request = Message(McpMessages.Cancelled(call.CallId, reason));
        Mark(request, call);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
    }

    private static void Mark(HttpRequestMessage request, McpToolCall call)
    {
        if (call.IdempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", call.IdempotencyKey);
        }

        request.Headers.TryAddWithoutValidation("X-Tool-Call-ID", call.CallId);
    }

    private HttpRequestMessage Message(ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Route) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.Accept.Add(new("text/event-stream"));
        prepare?.Invoke(request);
        return request;
    }

    private async Task<(JsonElement? Result, McpFailure? Failure)> SendAsync(HttpRequestMessage request, string id, CancellationToken ct)
    {
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            using var stream = new BoundedReadStream(await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false), MaxAnswerBytes);
            return await ReadAsync(response, stream, id, ct).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return (null, new(McpFailureKind.Protocol, 0, "The tool service answered with what is no JSON."));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            var isUnsent = exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };
            return (null, new(McpFailureKind.Unreachable, 0, "The tool service could not be reached.") { IsUnsent = isUnsent });
        }
    }

    private static async Task<(JsonElement? Result, McpFailure? Failure)> ReadAsync(
        HttpResponseMessage response, Stream stream, string id, CancellationToken ct)
    {
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return await ReadEventsAsync(stream, id, ct).ConfigureAwait(false);
        }

        if (response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            using var message = await JsonDocument.ParseAsync(stream, cancellationToken: ct).ConfigureAwait(false);
            var (result, failure) = McpMessages.Answer(message.RootElement, id);
            if (result is not null || (failure is not null && IsJsonRpc(message.RootElement)))
            {
                return (result?.Clone(), failure);
            }
        }

        var status = (int)response.StatusCode;
        return (null, new(McpFailureKind.Http, status, $"The tool service answered with HTTP status {status}."));
    }

    private static async Task<(JsonElement? Result, McpFailure? Failure)> ReadEventsAsync(Stream stream, string id, CancellationToken ct)
    {
        // Notifications of progress come before the answer on the same stream.
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(ct).ConfigureAwait(false))
        {
            if (item.Data.Length == 0)
            {
                continue;
            }

            using var message = JsonDocument.Parse(item.Data);
            var (result, failure) = McpMessages.Answer(message.RootElement, id);
            if (result is not null || failure is not null)
            {
                return (result?.Clone(), failure);
            }
        }

        return (null, new(McpFailureKind.Unreachable, 0, "The tool service ended its answer too early."));
    }

    private static bool IsJsonRpc(JsonElement message) => message.TryGetProperty("jsonrpc", out _);
}
