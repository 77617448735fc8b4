using System.Buffers;
using JanServer.LlmApi.Answers;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Streaming;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Completions;

/// <summary>An answer that is not streamed: the upstream's bytes as <see cref="AnswerRewrite"/> changes them, sent once they are committed.</summary>
internal static class PlainAnswer
{
    public static async Task WriteAsync(HttpContext http, Exchange exchange, UpstreamAnswer answer, AnswerDelivery delivery, CancellationToken ct)
    {
        var (body, length) = Rewritten(exchange, answer.Body.Span, delivery);
        try
        {
            await delivery.CommitAsync(null);
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = length;
            await http.Response.BodyWriter.WriteAsync(body.AsMemory(0, length), ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    /// <summary>The whole answer as the client gets it, in a rented buffer.</summary>
    public static (byte[] Body, int Length) Rewritten(Exchange exchange, ReadOnlySpan<byte> json, AnswerDelivery delivery)
    {
        _ = ChunkScan.TryRead(json, out var scan);
        exchange.SawFirstToken();
        var edits = delivery.Rewrite.Edits(json, scan);
        var body = ArrayPool<byte>.Shared.Rent(json.Length + edits.Growth);
        var length = edits.Apply(json, body);
        delivery.Capture?.Add(body.AsSpan(0, length));
        return (body, length);
    }
}
