using System.Globalization;
using System.Text.Json;

namespace JanServer.Inference.Requests;

/// <summary>
/// Reads the members of one JSON object and reports each bad one by its path. An absent member and null mean the same.
/// </summary>
internal readonly struct Fields(JsonElement json, string path, Problems problems)
{
    /// <summary>The members of a request body; a body that is no object is reported and read as an empty one.</summary>
    public static Fields Of(JsonElement body, Problems problems)
    {
        if (body.ValueKind == JsonValueKind.Object)
        {
            return new(body, "", problems);
        }

        problems.Invalid("body", "The request body must be a JSON object.");
        return new(JsonElement.Parse("{}"), "", problems);
    }

    public JsonElement Json => json;

    public string Path => path;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public JsonElement? Find(string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        problems.Invalid(PathOf(name), $"'{PathOf(name)}' must be a string.");
        return null;
    }

    public string RequiredText(string name)
    {
        if (!Has(name))
        {
            problems.Missing(PathOf(name));
            return "";
        }

        var text = Text(name);
        if (text is { Length: 0 })
        {
            problems.Invalid(PathOf(name), $"'{PathOf(name)}' must not be empty.");
        }

        return text ?? "";
    }

    public bool Flag(string name, bool otherwise)
    {
        if (Find(name) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        problems.Invalid(PathOf(name), $"'{PathOf(name)}' must be true or false.");
        return otherwise;
    }

    public double? Number(string name, double min, double max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
        {
            return number;
        }

        problems.Invalid(
            PathOf(name),
            string.Create(CultureInfo.InvariantCulture, $"'{PathOf(name)}' must be a number from {min} to {max}."));
        return null;
    }

    public long? Integer(string name, long min, long max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
        {
            return number;
        }

        problems.Invalid(PathOf(name), max == long.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"'{PathOf(name)}' must be a whole number, at least {min}.")
            : string.Create(CultureInfo.InvariantCulture, $"'{PathOf(name)}' must be a whole number from {min} to {max}."));
        return null;
    }

    public Fields? Object(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return new(value, PathOf(name), problems);
        }

        problems.Invalid(PathOf(name), $"'{PathOf(name)}' must be an object.");
        return null;
    }

    /// <summary>The objects of an array member; null when it is absent, empty when it is no array of objects.</summary>
    public IReadOnlyList<Fields>? Objects(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            problems.Invalid(PathOf(name), $"'{PathOf(name)}' must be an array.");
            return [];
        }

        var objects = new List<Fields>(value.GetArrayLength());
        foreach (var element in value.EnumerateArray())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{PathOf(name)}[{objects.Count}]");
            if (element.ValueKind != JsonValueKind.Object)
            {
                problems.Invalid(at, $"'{at}' must be an object.");
                return [];
            }

            objects.Add(new(element, at, problems));
        }

        return objects;
    }
}
