using System.Text.Json;

namespace JanServer.Contracts.Tools;

/// <summary>A tool as an MCP server lists it.</summary>
/// <param name="Name">What it is called in calls.</param>
/// <param name="Description">What models are told about it.</param>
/// <param name="InputSchema">A JSON schema of an object.</param>
/// <param name="Annotations">MCP's hints, such as <c>readOnlyHint</c>; null when there are none.</param>
public sealed record McpTool(string Name, string? Description, JsonElement InputSchema, JsonElement? Annotations = null)
{
    /// <summary>MCP's <c>_meta</c>; null when there is none.</summary>
    public JsonElement? Meta { get; init; }

    /// <summary>The label of the external server that mcp-tools has the tool from; null for a tool of mcp-tools' own.</summary>
    public string? ServerLabel => MetaText("janserver/server_label");

    /// <summary>What that external server calls it.</summary>
    public string? OwnName => MetaText("janserver/tool");

    /// <summary>Whether whoever registered that server wants a person to confirm each call.</summary>
    public bool NeedsConfirmation => MetaText("janserver/require_approval") is "always";

    /// <summary>Whether its server says that a call changes nothing.</summary>
    public bool IsReadOnly => Hint("readOnlyHint");

    /// <summary>Whether its server says that calling it twice is like calling it once.</summary>
    public bool IsIdempotent => IsReadOnly || Hint("idempotentHint");

    private string? MetaText(string name) =>
        Meta is { ValueKind: JsonValueKind.Object } meta && meta.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    private bool Hint(string name) =>
        Annotations is { ValueKind: JsonValueKind.Object } hints && hints.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True;
}

/// <summary>What a tool answered.</summary>
/// <param name="Content">MCP's content blocks.</param>
/// <param name="Structured">The structured content, if the tool has some.</param>
/// <param name="IsError">Whether the tool itself says that it failed; the content says why.</param>
public sealed record McpToolResult(IReadOnlyList<JsonElement> Content, JsonElement? Structured, bool IsError);

/// <summary>A call of a tool.</summary>
/// <param name="Name">Of which tool.</param>
/// <param name="Arguments">A JSON object.</param>
/// <param name="CallId">The model's id of the call, also the id of the JSON-RPC request.</param>
/// <param name="IdempotencyKey">
/// The same for every attempt at this call: its effect happens once, and it runs to its end even when this client leaves. Without one it
/// ends with the connection.
/// </param>
public sealed record McpToolCall(string Name, JsonElement Arguments, string CallId, string? IdempotencyKey = null);
