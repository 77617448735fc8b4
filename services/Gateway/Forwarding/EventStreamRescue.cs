using JanServer.ServiceDefaults.Requests;

namespace JanServer.Gateway.Forwarding;

/// <summary>
/// Watches the event streams of services. When a service dies in the middle of one, the client gets a last event that says so
/// instead of a cut connection. Other responses pass untouched, and so do the streams of MCP.
/// </summary>
internal sealed class EventStreamRescue(HttpMessageHandler inner, ILogger<EventStreamRescue> logger) : DelegatingHandler(inner)
{
    private const string EventStream = "text/event-stream";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (IsEventStream(response) && !SpeaksMcp(request))
        {
            var id = request.Headers.NonValidated.TryGetValues(RequestIds.HeaderName, out var ids) ? ids.ToString() : "";
            response.Content = new RescuedContent(response.Content, EndsWithDone(request), id, logger);
        }

        return response;
    }

    // The value is compared as text: parsing the header of every response would cost more than the rest of this class.
    private static bool IsEventStream(HttpResponseMessage response)
    {
        var headers = response.Content.Headers.NonValidated;
        return headers.TryGetValues("Content-Type", out var type)
            && type.ToString().StartsWith(EventStream, StringComparison.OrdinalIgnoreCase)
            && !headers.Contains("Content-Encoding");
    }

    // Its events are JSON-RPC messages, and its clients know what to do when a stream ends early.
    private static bool SpeaksMcp(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.Equals("/v1/mcp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether OpenAI's clients wait for <c>data: [DONE]</c> at the end: on chat and text completions.</summary>
    private static bool EndsWithDone(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.EndsWith("/completions", StringComparison.OrdinalIgnoreCase);
}
