using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Answers;

/// <summary>The HTTP status of an answer. Most errors of JSON-RPC are 200; the transport of revision 2026-07-28 names those that are not.</summary>
internal static class AnswerStatus
{
    public static int Of(JsonRpcMessage answer, string? revision) => answer is not JsonRpcError { Error: { } error }
        ? StatusCodes.Status200OK
        : (McpErrorCode)error.Code switch
        {
            McpErrorCode.HeaderMismatch or McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion =>
                StatusCodes.Status400BadRequest,
            McpErrorCode.MethodNotFound when revision == Revisions.Stateless => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status200OK,
        };
}
