namespace JanServer.McpTools.Protocol;

/// <summary>The headers of Streamable HTTP and those by which our services say more about a call.</summary>
internal static class HeaderNames
{
    public const string SessionId = "Mcp-Session-Id";
    public const string ProtocolVersion = "MCP-Protocol-Version";
    public const string Method = "Mcp-Method";
    public const string Name = "Mcp-Name";
    public const string ParameterPrefix = "Mcp-Param-";
    public const string ToolCallId = "X-Tool-Call-ID";
    public const string ConversationId = "X-Conversation-ID";
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The header's one value, or null when it is absent or empty.</summary>
    public static string? ValueOf(this IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;
}
