using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>An MCP server that a request names: one of its own, or one that mcp-tools knows.</summary>
internal interface IMcpServer
{
    /// <summary>Whether a call that is repeated with the same key has its effect once.</summary>
    bool KeepsCallsOnce { get; }

    /// <summary>Its tools, by its own names.</summary>
    /// <param name="known">What the context lists of it already; null for nothing.</param>
    /// <param name="ct">Ends the wait.</param>
    ValueTask<McpListing> ListAsync(IReadOnlyList<McpTool>? known, CancellationToken ct);

    ValueTask<(McpToolResult? Result, McpFailure? Failure)> CallAsync(McpTool tool, JsonElement arguments, ToolInvocation invocation, CancellationToken ct);

    /// <summary>What the model calls the tool, before it is made unique.</summary>
    string FunctionNameOf(McpTool tool);
}

/// <summary>What a server listed, why it did not, or why it may not be asked.</summary>
internal sealed record McpListing(IReadOnlyList<McpTool>? Tools, McpFailure? Failure = null, ApiError? Refusal = null);
