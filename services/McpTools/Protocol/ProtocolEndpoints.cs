using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.Protocol;

internal static class ProtocolEndpoints
{
    /// <summary>Below the gateway this is also <c>/mcp</c>.</summary>
    public const string Path = "/v1/mcp";

    public static void MapProtocol(this IEndpointRouteBuilder app)
    {
        var mcp = app.MapGroup(Path).WithTags("MCP").RequireScope(Scopes.Tools, Scopes.Inference);
        mcp.MapPost("", (HttpContext context, PostHandler handler) => handler.HandleAsync(context))
            .WithName("postMcp")
            .WithSummary("The Model Context Protocol: a JSON-RPC message, answered as JSON or as a stream of events.");
        mcp.MapGet("", (HttpContext context, GetHandler handler) => handler.HandleAsync(context))
            .WithName("listenMcp")
            .WithSummary("The Model Context Protocol: the stream of notifications of the revisions with a handshake.");
        mcp.MapDelete("", (HttpContext context, DeleteHandler handler) => handler.HandleAsync(context))
            .WithName("endMcpSession")
            .WithSummary("The Model Context Protocol: ends a session.");
    }
}
