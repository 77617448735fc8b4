namespace JanServer.LlmApi.Conversations.Items;

/// <summary>The types of content parts that the server itself makes.</summary>
internal static class ContentTypes
{
    /// <summary>What a user, a system or a developer says.</summary>
    public const string InputText = "input_text";

    /// <summary>What a model says.</summary>
    public const string OutputText = "output_text";

    /// <summary>What a model thinks.</summary>
    public const string ReasoningText = "reasoning_text";

    /// <summary>What a tool answers.</summary>
    public const string ToolResult = "tool_result";

    /// <summary>The calls that a model makes, in the form of chat.</summary>
    public const string ToolCalls = "tool_calls";

    /// <summary>What an MCP tool answers.</summary>
    public const string McpCall = "mcp_call";
}
