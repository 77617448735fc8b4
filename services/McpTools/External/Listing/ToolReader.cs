using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using JanServer.McpTools.Protocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.External.Listing;

/// <summary>
/// Reads the tools of a foreign server one by one, so that an odd one costs nothing but itself: a schema that is none becomes one that
/// takes any object, and what cannot be read at all is left out.
/// </summary>
internal static class ToolReader
{
    private const int MaxName = 128;
    private const int MaxTool = 64 << 10;

    private static readonly JsonTypeInfo<Tool> ToolType = McpJson.TypeOf<Tool>();

    /// <summary>Reads one tool as a server sent it; null when it has no name that can be called, or is too large.</summary>
    public static Tool? Read(JsonNode? node)
    {
        if (node is not JsonObject tool || Text(tool["name"]) is not { Length: > 0 and <= MaxName } name || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var copy = (JsonObject)tool.DeepClone();
        copy["inputSchema"] = ObjectSchema(copy["inputSchema"]) ?? new JsonObject { ["type"] = "object" };
        if (ObjectSchema(copy["outputSchema"]) is { } output)
        {
            copy["outputSchema"] = output;
        }
        else
        {
            copy.Remove("outputSchema");
        }

        if (copy.ToJsonString().Length > MaxTool)
        {
            return null;
        }

        return Parse(copy) ?? Parse(new()
        {
            ["name"] = name,
            ["description"] = Text(tool["description"]),
            ["inputSchema"] = new JsonObject { ["type"] = "object" },
        });
    }

    /// <summary>The stored form.</summary>
    public static JsonNode Write(Tool tool) => JsonSerializer.SerializeToNode(tool, ToolType)!;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static IReadOnlyList<Tool> ReadAll(string? stored)
    {
        if (stored is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(stored);
        return [.. document.RootElement.EnumerateArray().Select(one => one.Deserialize(ToolType)!)];
    }

    private static Tool? Parse(JsonObject tool)
    {
        try
        {
            return tool.Deserialize(ToolType);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    // MCP: the schemas of a tool are of type object. Some servers leave the type out.
    private static JsonObject? ObjectSchema(JsonNode? schema)
    {
        if (schema is not JsonObject found || (found["type"] is { } type && Text(type) != "object"))
        {
            return null;
        }

        var copy = (JsonObject)found.DeepClone();
        copy["type"] = "object";
        return copy;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
