using System.Text.Json;
using JanServer.ResponseApi.Requests;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>OpenAI's filter of <c>file_search</c>: comparisons of attributes, joined by <c>and</c> and <c>or</c>.</summary>
internal abstract record AttributeFilter
{
    private const int MaxDepth = 8;
    private const int MaxFilters = 64;

    /// <summary>Whether a document with these attributes is wanted.</summary>
    public abstract bool Matches(JsonElement? attributes);

    public static AttributeFilter? Read(FieldReader filter, int depth)
    {
        if (depth > MaxDepth)
        {
            filter.Fail("filters", $"It must not be nested deeper than {MaxDepth}.");
            return null;
        }

        var type = filter.NeedText("type");
        if (type is "and" or "or")
        {
            var parts = filter.Array("filters", MaxFilters).Select(part => Read(filter.Element(part), depth + 1)).OfType<AttributeFilter>().ToList();
            return new Joined(type is "and", parts);
        }

        filter.Choice("type", "eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "and", "or");
        var key = filter.NeedText("key", most: 256);
        if (filter.Find("value") is not { } value
            || value.ValueKind is JsonValueKind.Object
            || value.ValueKind is JsonValueKind.Array != type is "in" or "nin")
        {
            filter.Fail("value", "It must be a string, a number or a boolean; for 'in' and 'nin' an array of those.");
            return null;
        }

        return new Comparison(type, key, value.Clone());
    }

    private sealed record Joined(bool IsAnd, IReadOnlyList<AttributeFilter> Parts) : AttributeFilter
    {
        public override bool Matches(JsonElement? attributes) =>
            IsAnd ? Parts.All(part => part.Matches(attributes)) : Parts.Any(part => part.Matches(attributes));
    }

    private sealed record Comparison(string Operator, string Key, JsonElement Value) : AttributeFilter
    {
        public override bool Matches(JsonElement? attributes)
        {
            JsonElement? found = attributes is { ValueKind: JsonValueKind.Object } document && document.TryGetProperty(Key, out var attribute)
                ? attribute
                : null;
            return Operator switch
            {
                "eq" => found is { } value && Same(value, Value),
                "ne" => found is not { } value || !Same(value, Value),
                "in" => found is { } value && Value.EnumerateArray().Any(wanted => Same(value, wanted)),
                "nin" => found is not { } value || !Value.EnumerateArray().Any(unwanted => Same(value, unwanted)),
                _ => found is { } value && Order(value) is { } order && Operator switch
                {
                    "gt" => order > 0,
                    "gte" => order >= 0,
                    "lt" => order < 0,
                    _ => order <= 0,
                },
            };
        }

        private static bool Same(JsonElement left, JsonElement right) => JsonElement.DeepEquals(left, right);

        private int? Order(JsonElement value) => (value.ValueKind, Value.ValueKind) switch
        {
            (JsonValueKind.Number, JsonValueKind.Number) => value.GetDouble().CompareTo(Value.GetDouble()),
            (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(value.GetString(), Value.GetString()),
            _ => null,
        };
    }
}
