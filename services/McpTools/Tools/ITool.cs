using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tools;

/// <summary>Something that a model may call: built in, or of an external MCP server.</summary>
internal interface ITool
{
    /// <summary>Name, schemas and annotations, as a client sees them before an administrator's description takes the place of ours.</summary>
    Tool Definition { get; }

    /// <summary>Why it cannot work as this deployment is configured (no key, no sandbox), as the end of a sentence for whoever calls it; else null. It is then not called.</summary>
    string? Unavailable { get; }

    /// <summary>Who does the work, as the ledger names it: an external server. Null for a tool of ours.</summary>
    string? Provider => null;

    /// <summary>Calls it. The arguments satisfy the input schema. What goes wrong is a result with <c>isError</c>, which the model reads.</summary>
    ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct);
}
