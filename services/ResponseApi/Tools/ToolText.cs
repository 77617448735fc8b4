using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;

namespace JanServer.ResponseApi.Tools;

/// <summary>Says the result of an MCP tool in text.</summary>
internal static class ToolText
{
    private const string Nothing = "The tool has run and has nothing to say.";

    /// <summary>What a model reads: texts as they are, other blocks by name, structured content where there is no text.</summary>
    public static string Of(McpToolResult result)
    {
        var text = string.Join('\n', result.Content.Select(Block).Where(block => block.Length > 0));
        return text.Length > 0 ? text : result.Structured?.GetRawText() ?? Nothing;
    }

    /// <summary>What is kept with the execution: the structured result, or the content without what is large.</summary>
    public static JsonElement Record(McpToolResult result) => result.Structured ?? ItemJson.Build(json =>
    {
        json.WriteStartArray("content");
        foreach (var block in result.Content)
        {
            if (block.ValueKind is JsonValueKind.Object && !block.TryGetProperty("data", out _))
            {
                block.WriteTo(json);
            }
        }

        json.WriteEndArray();
        json.WriteBoolean("is_error", result.IsError);
    });

    private static string Block(JsonElement block) => block.Text("type") switch
    {
        "text" => block.Text("text") ?? "",
        "resource" when block.TryGetProperty("resource", out var resource) => resource.Text("text") ?? $"[{resource.Text("uri")}]",
        "resource_link" => $"[{block.Text("uri")}]",
        "image" or "audio" => $"[{block.Text("mimeType")}]",
        _ => "",
    };
}
