using System.Text.Json;

namespace JanServer.ResponseApi.Requests;

/// <summary>What the model may or must do with its tools.</summary>
/// <param name="Mode">Whether it must call one.</param>
/// <param name="Only">The tools that it is offered; null for all of the request.</param>
internal sealed record ToolChoiceRequest(ToolMode Mode, IReadOnlyList<ToolSelector>? Only = null)
{
    public static ToolChoiceRequest Auto { get; } = new(ToolMode.Auto);

    /// <summary>As the client wrote it; null for the default.</summary>
    public JsonElement? Raw { get; init; }

    /// <summary>Whether <see cref="Only"/> holds for every model call (<c>allowed_tools</c>), or only while a call is forced: for the first.</summary>
    public bool IsLasting { get; init; }
}

internal enum ToolMode
{
    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>No calls.</summary>
    None,

    /// <summary>At least one call, in the first answer of the model.</summary>
    Required,
}

/// <summary>Names tools of a request, as <c>tool_choice</c> does.</summary>
/// <param name="Type">The tool's <c>type</c>, such as <c>function</c>, <c>mcp</c> or <c>web_search</c>.</param>
/// <param name="Name">The function, custom or MCP tool; null for all of that type or server.</param>
/// <param name="ServerLabel">For <c>mcp</c>.</param>
internal sealed record ToolSelector(string Type, string? Name = null, string? ServerLabel = null);
