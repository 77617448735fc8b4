using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>Makes the schema that a model sees of a tool's: without what the request or this service decides.</summary>
internal static class ModelSchema
{
    /// <summary>The argument that says that the user has agreed: for the client to say, never for the model.</summary>
    public const string Approved = "approved";

    // The reference's clients send these along; a model has no business with them.
    private static readonly string[] Always = ["tool_call_id", "request_id", "conversation_id", "user_id"];

    public static JsonElement Without(JsonElement schema, params IEnumerable<string> names)
    {
        var copy = JsonObject.Create(schema)!;
        foreach (var name in Always.Concat(names))
        {
            (copy["properties"] as JsonObject)?.Remove(name);
            if (copy["required"] is JsonArray required)
            {
                required.RemoveAll(entry => entry is JsonValue value && value.TryGetValue(out string? text) && text == name);
            }
        }

        return ToolJson.Element(copy);
    }

    /// <summary>Whether the tool takes an argument of that name.</summary>
    public static bool Takes(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var properties) && properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty(name, out _);
}
