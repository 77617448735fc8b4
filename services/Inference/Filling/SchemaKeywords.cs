using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanServer.Inference.Filling;

/// <summary>Reads the keywords of JSON Schema (2020-12) that shape an instance.</summary>
internal static class SchemaKeywords
{
    public static JsonNode? ToNode(JsonElement value) => JsonNode.Parse(value.GetRawText());

    /// <summary>Follows a reference within the same document: <c>#</c> or <c>#/$defs/x</c> (RFC 6901).</summary>
    public static bool TryResolve(JsonElement root, JsonElement reference, out JsonElement target)
    {
        target = root;
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var pointer])
        {
            return false;
        }

        foreach (var raw in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var step = Uri.UnescapeDataString(raw)
                .Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.ValueKind == JsonValueKind.Array
                && int.TryParse(step, out var index)
                && index >= 0
                && index < target.GetArrayLength())
            {
                target = target[index];
            }
            else if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(step, out target))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// One schema in place of <c>allOf</c>: properties and required fields are united, of other keywords the last one stands.
    /// </summary>
    public static bool TryMergeAllOf(JsonElement root, JsonElement schema, out JsonElement merged)
    {
        var into = new JsonObject();
        var made = Merge(root, schema, into, 0);
        merged = JsonElement.Parse(into.ToJsonString());
        return made;
    }

    private static bool Merge(JsonElement root, JsonElement schema, JsonObject into, int depth)
    {
        if (depth > 8 || schema.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    if (!TryResolve(root, keyword.Value, out var target) || !Merge(root, target, into, depth + 1))
                    {
                        return false;
                    }

                    break;
                case "allOf" when keyword.Value.ValueKind == JsonValueKind.Array:
                    if (keyword.Value.EnumerateArray().Any(part => !Merge(root, part, into, depth + 1)))
                    {
                        return false;
                    }

                    break;
                case "properties" when into[keyword.Name] is JsonObject known && ToNode(keyword.Value) is JsonObject more:
                    foreach (var (name, value) in more)
                    {
                        known[name] = value?.DeepClone();
                    }

                    break;
                case "required" when into[keyword.Name] is JsonArray known && ToNode(keyword.Value) is JsonArray more:
                    foreach (var name in more)
                    {
                        known.Add(name?.DeepClone());
                    }

                    break;
                default:
                    into[keyword.Name] = ToNode(keyword.Value);
                    break;
            }
        }

        return true;
    }

    /// <summary>The types that a schema allows, null last unless it is wanted first. Without <c>type</c> the other keywords tell.</summary>
    public static IReadOnlyList<string> Types(JsonElement schema, bool nullFirst)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return [schema.TryGetProperty("properties", out _) ? "object" : schema.TryGetProperty("items", out _) ? "array" : "string"];
        }

        if (type.ValueKind == JsonValueKind.String)
        {
            return [type.GetString()!];
        }

        var names = type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)
            : [];
        return [.. names.OrderBy(name => (name == "null") == nullFirst ? 0 : 1)];
    }

    /// <summary>How deep a variant is likely to go: null and plain values first, references last.</summary>
    public static int Weight(JsonElement variant) =>
        variant.ValueKind != JsonValueKind.Object || variant.TryGetProperty("$ref", out _) ? 3
        : Types(variant, nullFirst: true) is ["object" or "array", ..] ? 2
        : variant.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("null"u8) ? 0
        : 1;

    public static List<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array
            ? [.. required.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!).Distinct()]
            : [];

    public static int? Count(JsonElement schema, string keyword) =>
        Number(schema, keyword) is >= 0 and <= int.MaxValue and var count ? (int)count : null;

    public static double? Number(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    public static string? Text(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A string without further conditions, so that any text is an instance.</summary>
    public static bool IsPlainString(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && Text(schema, "type") == "string"
        && schema.EnumerateObject().All(keyword => keyword.Name is "type" or "description" or "title" or "examples" or "default");

    /// <summary>A value that differs from those already in the list, made by numbering where the type allows it.</summary>
    public static JsonNode? Distinct(JsonArray made, JsonElement items, JsonNode? node)
    {
        if (!made.Any(other => JsonNode.DeepEquals(other, node)))
        {
            return node;
        }

        if (items.ValueKind == JsonValueKind.Object
            && items.TryGetProperty("enum", out var values)
            && values.ValueKind == JsonValueKind.Array)
        {
            return values.EnumerateArray().Select(ToNode).FirstOrDefault(value => !made.Any(other => JsonNode.DeepEquals(other, value)));
        }

        return node?.GetValueKind() switch
        {
            JsonValueKind.String => JsonValue.Create($"{node.GetValue<string>()} {made.Count + 1}"),
            JsonValueKind.Number => JsonValue.Create(
                (long)made.Max(other => double.Parse(other!.ToJsonString(), CultureInfo.InvariantCulture)) + 1),
            _ => node,
        };
    }
}
