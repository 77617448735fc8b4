using System.Buffers;
using JanServer.McpTools.Protocol.Requests;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Answers;

/// <summary>Writes answers that are one JSON document.</summary>
internal static class JsonAnswer
{
    /// <summary>Answers with a document.</summary>
    public static async ValueTask WriteAsync(HttpResponse response, int status, ReadOnlyMemory<byte> json, CancellationToken ct)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.ContentLength = json.Length;
        response.BodyWriter.Write(json.Span);
        await response.BodyWriter.FlushAsync(ct);
    }

    /// <summary>Refuses a request.</summary>
    public static ValueTask RefuseAsync(HttpResponse response, RequestError error, CancellationToken ct, RequestId id = default) =>
        WriteAsync(response, error.Status, McpJson.Bytes<JsonRpcMessage>(error.ToMessage(id)), ct);
}
