using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace JanServer.Inference.Generation;

/// <summary>Writes server-sent events (WHATWG HTML, section 9.2), each flushed on its own: a token is worth nothing in a buffer.</summary>
internal sealed class EventStream(HttpResponse response)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Begin()
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    public async Task SendAsync<T>(T data, JsonTypeInfo<T> type, CancellationToken ct)
    {
        var writer = response.BodyWriter;
        writer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(writer, Relaxed))
        {
            JsonSerializer.Serialize(json, data, type);
        }

        writer.Write("\n\n"u8);
        await writer.FlushAsync(ct);
    }

    public async Task DoneAsync(CancellationToken ct)
    {
        response.BodyWriter.Write("data: [DONE]\n\n"u8);
        await response.BodyWriter.FlushAsync(ct);
    }
}
