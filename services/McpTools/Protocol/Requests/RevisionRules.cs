using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Requests;

/// <summary>Finds out which revision a message speaks and whether its headers and its body agree on it.</summary>
internal static class RevisionRules
{
    private const string VersionKey = "io.modelcontextprotocol/protocolVersion";
    private const string CapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";

    // What revision 2026-07-28 took out of the protocol.
    private static readonly string[] Removed =
    [
        RequestMethods.Initialize,
        RequestMethods.Ping,
        RequestMethods.LoggingSetLevel,
        RequestMethods.ResourcesSubscribe,
        RequestMethods.ResourcesUnsubscribe,
    ];

    /// <summary>The revision, null for a message that does not say; or why the message is refused.</summary>
    public static (string? Revision, RequestError? Error) Check(IHeaderDictionary headers, JsonRpcMessage message)
    {
        var header = headers.ValueOf(HeaderNames.ProtocolVersion);
        var meta = MetaOf(message);
        var inBody = TextOf(meta, VersionKey);
        if (inBody is not null && inBody != header && !Revisions.WithHandshake.Contains(inBody))
        {
            return (null, header is null
                ? RequestError.HeaderMismatch($"Header {HeaderNames.ProtocolVersion} is missing; the body says '{inBody}'.")
                : RequestError.HeaderMismatch($"Header {HeaderNames.ProtocolVersion} says '{header}' and the body '{inBody}'."));
        }

        if (header is null || Revisions.WithHandshake.Contains(header))
        {
            return (header, null);
        }

        if (header != Revisions.Stateless)
        {
            return (null, RequestError.Unsupported(header, inBody is null ? Revisions.All : [Revisions.Stateless]));
        }

        return (header, message is JsonRpcRequest request ? CheckStateless(headers, request, meta) : null);
    }

    private static RequestError? CheckStateless(IHeaderDictionary headers, JsonRpcRequest request, JsonObject? meta)
    {
        if (TextOf(meta, VersionKey) is null)
        {
            return RequestError.InvalidParams($"'params._meta.{VersionKey}' is required.");
        }

        if (meta![CapabilitiesKey] is not JsonObject)
        {
            return RequestError.InvalidParams($"'params._meta.{CapabilitiesKey}' is required and must be an object.");
        }

        return MirroredHeaders.CheckStandard(headers, request)
            ?? (Removed.Contains(request.Method) ? RequestError.MethodNotFound(request.Method) : null);
    }

    private static JsonObject? MetaOf(JsonRpcMessage message) =>
        (message as JsonRpcRequest)?.Params is JsonObject parameters ? parameters["_meta"] as JsonObject : null;

    private static string? TextOf(JsonObject? meta, string key) => meta?[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
