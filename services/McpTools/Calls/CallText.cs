using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JanServer.McpTools.Protocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Calls;

/// <summary>Reads results as text.</summary>
internal static class CallText
{
    private static readonly JsonTypeInfo<CallToolResult> ResultType = McpJson.TypeOf<CallToolResult>();

    public static byte[] Write(CallToolResult result) => JsonSerializer.SerializeToUtf8Bytes(result, ResultType);

    public static CallToolResult Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ResultType) ?? throw new JsonException("A stored result is null.");

    /// <summary>What a conversation shows of a result: its structure, else its texts and the addresses of what it links to.</summary>
    public static string Of(CallToolResult result)
    {
        if (result.StructuredContent is { } structured && result.IsError != true)
        {
            return structured.GetRawText();
        }

        var text = new StringBuilder();
        foreach (var block in result.Content)
        {
            var part = block switch
            {
                TextContentBlock one => one.Text,
                EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
                EmbeddedResourceBlock { Resource: var resource } => resource.Uri,
                ResourceLinkBlock link => link.Uri,
                _ => $"[{block.Type}]",
            };
            text.Append(text.Length > 0 ? "\n" : "").Append(part);
        }

        return text.ToString();
    }

    /// <summary>The size of what a client reads, without writing it.</summary>
    public static int BytesOf(CallToolResult result)
    {
        long bytes = result.StructuredContent is { } structured ? Encoding.UTF8.GetByteCount(structured.GetRawText()) : 0;
        foreach (var block in result.Content)
        {
            bytes += block switch
            {
                TextContentBlock text => Encoding.UTF8.GetByteCount(text.Text),
                ImageContentBlock image => image.Data.Length,
                AudioContentBlock audio => audio.Data.Length,
                EmbeddedResourceBlock { Resource: TextResourceContents resource } => Encoding.UTF8.GetByteCount(resource.Text),
                EmbeddedResourceBlock { Resource: BlobResourceContents blob } => blob.Blob.Length,
                _ => 0,
            };
        }

        return (int)Math.Min(bytes, int.MaxValue);
    }

    /// <summary>The engine that a tool of ours says it used, such as a search engine.</summary>
    public static string? EngineOf(CallToolResult result) =>
        result.StructuredContent is { ValueKind: JsonValueKind.Object } structured
        && structured.TryGetProperty("engine", out var engine) && engine.ValueKind is JsonValueKind.String
        && engine.GetString() is { Length: > 0 and <= 64 } name && name != "error" ? name : null;
}
