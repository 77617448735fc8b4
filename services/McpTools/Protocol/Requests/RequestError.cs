using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Requests;

/// <summary>Why a request is refused before any handler sees it: a JSON-RPC error and the status that goes with it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The JSON-RPC code.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
/// <param name="Data">What a program needs to do better.</param>
internal sealed record RequestError(int Status, McpErrorCode Code, string Message, JsonObject? Data = null)
{
    // Not in any revision, but what the SDKs say and their clients look for (they start a new session).
    private const McpErrorCode NoSession = (McpErrorCode)(-32001);

    public static RequestError Invalid(string message, int status = StatusCodes.Status400BadRequest) =>
        new(status, McpErrorCode.InvalidRequest, message);

    public static RequestError InvalidParams(string message) => new(StatusCodes.Status400BadRequest, McpErrorCode.InvalidParams, message);

    public static RequestError Unparsable() =>
        new(StatusCodes.Status400BadRequest, McpErrorCode.ParseError, "The body is not well-formed JSON.");

    public static RequestError TooLarge(long maxBytes) =>
        Invalid(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The body is larger than {maxBytes} bytes."), StatusCodes.Status413PayloadTooLarge);

    public static RequestError ForeignOrigin() => Invalid("Forbidden: pages of this origin may not call.", StatusCodes.Status403Forbidden);

    public static RequestError HeaderMismatch(string message) => new(StatusCodes.Status400BadRequest, McpErrorCode.HeaderMismatch, message);

    public static RequestError MethodNotFound(string method) =>
        new(StatusCodes.Status404NotFound, McpErrorCode.MethodNotFound, $"Method '{method}' is not available.");

    public static RequestError SessionNotFound() =>
        new(StatusCodes.Status404NotFound, NoSession, "Session not found: it has ended or was never yours. Send initialize again.");

    /// <summary>The version is none of ours; those that a client may take instead are in <c>data.supported</c>.</summary>
    public static RequestError Unsupported(string requested, IEnumerable<string> supported) => new(
        StatusCodes.Status400BadRequest,
        McpErrorCode.UnsupportedProtocolVersion,
        "Unsupported protocol version.",
        new() { ["supported"] = new JsonArray([.. supported.Select(version => JsonValue.Create(version))]), ["requested"] = requested });

    /// <summary>The error as the message that answers request <paramref name="id"/>, or nothing when that is not known.</summary>
    public JsonRpcError ToMessage(RequestId id = default) => new()
    {
        Id = id,
        Error = new() { Code = (int)Code, Message = Message, Data = Data },
    };
}
