using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tools;

/// <summary>Makes results in the one form of this server: structured content and, for clients that read text, the same as JSON text.</summary>
internal static class ToolResults
{
    // Safe, because a result is never part of a page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A result that fits the tool's output schema.</summary>
    public static CallToolResult Of<T>(T value, JsonTypeInfo<T> type) => Of(JsonSerializer.SerializeToElement(value, type));

    /// <summary>A result that fits the tool's output schema.</summary>
    public static CallToolResult Of(JsonElement structured)
    {
        var text = TextOf(structured);
        return new()
        {
            Content = [new TextContentBlock { Text = text }],
            StructuredContent = JsonElement.Parse(text),
        };
    }

    /// <summary>JSON as models read it: letters of every script stand for themselves, because each escape costs a model several tokens.</summary>
    public static string TextOf(JsonElement json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A failure that the model reads: what went wrong and, if anything helps, what would.</summary>
    public static CallToolResult Error(string message) => new() { Content = [new TextContentBlock { Text = message }], IsError = true };
}
