using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tools;

/// <summary>Makes results in the one form of this server: structured content and, for clients that read text, the same as JSON text.</summary>
internal static class ToolResults
{
    /// <summary>A result that fits the tool's output schema.</summary>
    public static CallToolResult Of<T>(T value, JsonTypeInfo<T> type) => Of(JsonSerializer.SerializeToElement(value, type));

    /// <summary>A result that fits the tool's output schema.</summary>
    public static CallToolResult Of(JsonElement structured) => new()
    {
        Content = [new TextContentBlock { Text = structured.GetRawText() }],
        StructuredContent = structured,
    };

    /// <summary>A failure that the model reads: what went wrong and, if anything helps, what would.</summary>
    public static CallToolResult Error(string message) => new() { Content = [new TextContentBlock { Text = message }], IsError = true };
}
