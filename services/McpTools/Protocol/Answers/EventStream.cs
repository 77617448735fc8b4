using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Answers;

/// <summary>Writes messages as server-sent events (WHATWG HTML 9.2). One writer at a time; see its users.</summary>
internal sealed class EventStream(HttpResponse response)
{
    /// <summary>Whether the response has become a stream.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Sends the head of the stream.</summary>
    public async ValueTask BeginAsync(int status, CancellationToken ct)
    {
        HasBegun = true;
        response.StatusCode = status;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-transform";

        // nginx would hold events back without it.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        await response.BodyWriter.FlushAsync(ct);
    }

    /// <summary>Sends a message as one event.</summary>
    public async ValueTask WriteAsync(JsonRpcMessage message, CancellationToken ct)
    {
        var writer = response.BodyWriter;
        writer.Write("event: message\ndata: "u8);
        writer.Write(McpJson.Bytes(message));
        writer.Write("\n\n"u8);
        await writer.FlushAsync(ct);
    }

    /// <summary>Sends a comment, which clients ignore.</summary>
    public async ValueTask KeepAliveAsync(CancellationToken ct)
    {
        response.BodyWriter.Write(":\n\n"u8);
        await response.BodyWriter.FlushAsync(ct);
    }
}
