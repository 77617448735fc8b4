using System.Text.Json;

namespace JanServer.McpTools.Tools;

/// <summary>Schemas of tools are written as JSON in the code (<c>"""{...}"""u8</c>): descriptions, ranges and defaults as models read them.</summary>
internal static class ToolSchema
{
    /// <summary>Reads a schema once, when the tool is made.</summary>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        return JsonElement.ParseValue(ref reader);
    }
}
