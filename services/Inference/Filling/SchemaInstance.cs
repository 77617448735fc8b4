using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanServer.Inference.Filling;

/// <summary>
/// Makes an instance of a JSON schema: values come from the evidence where a field's name matches, else they are placeholders
/// that the schema allows. Depth and size are bounded; a schema that no finite instance satisfies yields none.
/// </summary>
internal sealed class SchemaInstance(JsonElement root, Evidence evidence)
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 5000;

    /// <summary>From here on recursion is left as soon as the schema allows: empty lists, null, no optional fields.</summary>
    private const int LeaveDepth = 5;

    private int _nodes;

    /// <summary>Returns false when the schema cannot be satisfied within the bounds.</summary>
    public static bool TryCreate(JsonElement schema, Evidence evidence, out JsonNode? instance)
    {
        var built = new SchemaInstance(schema, evidence).Build(schema, new(""), 0);
        instance = built.Node;
        return built.Made;
    }

    private Built Build(JsonElement schema, FieldName field, int depth)
    {
        if (depth > MaxDepth || ++_nodes > MaxNodes || schema.ValueKind == JsonValueKind.False)
        {
            return Built.Impossible;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return Built.Of(evidence.Text(field, null) ?? Strings.Placeholder(field));
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return SchemaKeywords.TryResolve(root, reference, out var target) ? Build(target, field, depth + 1) : Built.Impossible;
        }

        if (schema.TryGetProperty("allOf", out _))
        {
            return SchemaKeywords.TryMergeAllOf(root, schema, out var merged) ? Build(merged, field, depth + 1) : Built.Impossible;
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return Built.Of(SchemaKeywords.ToNode(constant));
        }

        if (schema.TryGetProperty("enum", out var values))
        {
            return Choose(schema, values);
        }

        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(keyword, out var variants) && variants.ValueKind == JsonValueKind.Array)
            {
                return BuildFirst(variants, field, depth);
            }
        }

        foreach (var type in SchemaKeywords.Types(schema, nullFirst: depth > LeaveDepth))
        {
            if (BuildType(schema, type, field, depth) is { Made: true } built)
            {
                return built;
            }
        }

        return Built.Impossible;
    }

    private Built BuildType(JsonElement schema, string type, FieldName field, int depth) => type switch
    {
        "object" => BuildObject(schema, depth),
        "array" => BuildArray(schema, field, depth),
        "string" => Strings.Make(schema, field, evidence) is { } text ? Built.Of(text) : Built.Impossible,
        "integer" => Numbers.Make(schema, field, evidence, whole: true) is { } number
            ? Built.Of(JsonValue.Create((long)number))
            : Built.Impossible,
        "number" => Numbers.Make(schema, field, evidence, whole: false) is { } number
            ? Built.Of(number == Math.Floor(number) && Math.Abs(number) < 1e15 ? JsonValue.Create((long)number) : JsonValue.Create(number))
            : Built.Impossible,
        "boolean" => Built.Of(JsonValue.Create(evidence.Flag(field) ?? Default(schema, JsonValueKind.True) ?? false)),
        "null" => Built.Of(null),
        _ => Built.Impossible,
    };

    private static bool? Default(JsonElement schema, JsonValueKind kind) =>
        schema.TryGetProperty("default", out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.ValueKind == kind
            : null;

    private Built Choose(JsonElement schema, JsonElement values)
    {
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() == 0)
        {
            return Built.Impossible;
        }

        foreach (var value in values.EnumerateArray())
        {
            if (evidence.Mentions(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()))
            {
                return Built.Of(SchemaKeywords.ToNode(value));
            }
        }

        return Built.Of(SchemaKeywords.ToNode(
            schema.TryGetProperty("default", out var preset) && values.EnumerateArray().Any(value => JsonElement.DeepEquals(value, preset))
                ? preset
                : values[0]));
    }

    private Built BuildFirst(JsonElement variants, FieldName field, int depth)
    {
        var ordered = variants.EnumerateArray();
        foreach (var variant in depth > LeaveDepth ? ordered.OrderBy(SchemaKeywords.Weight) : ordered.AsEnumerable())
        {
            if (Build(variant, field, depth + 1) is { Made: true } built)
            {
                return built;
            }
        }

        return Built.Impossible;
    }

    private Built BuildObject(JsonElement schema, int depth)
    {
        var made = new JsonObject();
        var required = SchemaKeywords.Required(schema);
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                var field = new FieldName(property.Name);
                var isRequired = required.Remove(property.Name);
                if (!isRequired && (depth > LeaveDepth || !(evidence.SpeaksOf(field) || NamesChoice(property.Value))))
                {
                    continue;
                }

                var value = Build(property.Value, field, depth + 1);
                if (value.Made)
                {
                    made[property.Name] = value.Node;
                }
                else if (isRequired)
                {
                    return Built.Impossible;
                }
            }
        }

        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : JsonElement.Parse("true");
        foreach (var name in required)
        {
            var value = Build(others, new(name), depth + 1);
            if (!value.Made)
            {
                return Built.Impossible;
            }

            made[name] = value.Node;
        }

        return Built.Of(made);
    }

    private bool NamesChoice(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("enum", out var values)
        && values.ValueKind == JsonValueKind.Array
        && values.EnumerateArray().Any(value => value.ValueKind == JsonValueKind.String && evidence.Mentions(value.GetString()!));

    private Built BuildArray(JsonElement schema, FieldName field, int depth)
    {
        var min = SchemaKeywords.Count(schema, "minItems") ?? 0;
        var max = SchemaKeywords.Count(schema, "maxItems") ?? int.MaxValue;
        var items = schema.TryGetProperty("items", out var of) ? of : JsonElement.Parse("true");
        var made = new JsonArray();
        if (schema.TryGetProperty("prefixItems", out var prefix) && prefix.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in prefix.EnumerateArray())
            {
                if (Build(item, field, depth + 1) is not { Made: true } first)
                {
                    return Built.Impossible;
                }

                made.Add(first.Node);
            }
        }

        var texts = SchemaKeywords.IsPlainString(items) ? evidence.Texts(field) : [];
        var wanted = Math.Min(max, Math.Max(min, depth > LeaveDepth ? 0 : Math.Max(1, Math.Min(texts.Count, 32))));
        var unique = schema.TryGetProperty("uniqueItems", out var uniqueItems) && uniqueItems.ValueKind == JsonValueKind.True;
        while (made.Count < wanted)
        {
            var value = made.Count < texts.Count ? Built.Of(texts[made.Count]) : Build(items, field, depth + 1);
            if (!value.Made)
            {
                return made.Count >= min ? Built.Of(made) : Built.Impossible;
            }

            var node = unique ? SchemaKeywords.Distinct(made, items, value.Node) : value.Node;
            if (unique && made.Any(other => JsonNode.DeepEquals(other, node)))
            {
                return made.Count >= min ? Built.Of(made) : Built.Impossible;
            }

            made.Add(node);
        }

        return made.Count >= min ? Built.Of(made) : Built.Impossible;
    }

    private readonly record struct Built(bool Made, JsonNode? Node)
    {
        public static Built Impossible => default;

        public static Built Of(JsonNode? node) => new(true, node);
    }
}
