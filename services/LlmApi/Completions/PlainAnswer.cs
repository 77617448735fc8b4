using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Streaming;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Completions;

/// <summary>An answer that is not streamed: the upstream's bytes with the client's model id.</summary>
internal static class PlainAnswer
{
    public static async Task WriteAsync(HttpContext http, Exchange exchange, UpstreamAnswer answer, byte[] model, CancellationToken ct)
    {
        Write(http.Response, exchange, answer.Body.Span, model);
        await http.Response.BodyWriter.FlushAsync(ct);
    }

    private static void Write(HttpResponse response, Exchange exchange, ReadOnlySpan<byte> json, byte[] model)
    {
        _ = ChunkScan.TryRead(json, out var scan);
        exchange.SawFirstToken();
        exchange.FinishReason = scan.FinishReason;
        exchange.Counts = scan.HasUsage ? scan.Counts : null;

        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json";
        response.ContentLength = json.Length + (scan.Model.End.Value > 0 ? model.Length - (scan.Model.End.Value - scan.Model.Start.Value) : 0);
        var span = response.BodyWriter.GetSpan(json.Length + ChunkEdits.MaxGrowth(model));
        response.BodyWriter.Advance(ChunkEdits.Apply(json, scan, model, hidesUsage: false, span));
    }
}
