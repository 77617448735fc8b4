using System.Globalization;
using System.Text.Json;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Requests;

/// <summary>
/// Reads the members of a JSON object and keeps the first thing that is wrong, with the path of the field. A member that is null is absent,
/// as in OpenAI's API. After an error, what is read is of no account.
/// </summary>
internal sealed class FieldReader
{
    private readonly FieldReader? _parent;
    private readonly string _path;
    private ApiError? _error;

    public FieldReader(JsonElement value, string path = "")
        : this(value, path, parent: null)
    {
    }

    private FieldReader(JsonElement value, string path, FieldReader? parent)
    {
        (Value, _path, _parent) = (value, path, parent);
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fail(ApiError.Invalid(path, "It must be an object."));
        }
    }

    public JsonElement Value { get; }

    /// <summary>The first error of this object and all that were read from it.</summary>
    public ApiError? Error => _parent is null ? _error : _parent.Error;

    /// <summary>The path of a member, such as <c>input[2].content</c>.</summary>
    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The member's value; null when it is absent or null.</summary>
    public JsonElement? Find(string name) =>
        Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name, int least = 0, int most = int.MaxValue)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Invalid<string?>(name, "It must be a string.");
        }

        if (TextOf(value) is not { } text)
        {
            return Invalid<string?>(name, "It holds text that is not valid Unicode.");
        }

        return text.Length < least ? Invalid<string?>(name, "It must not be empty.")
            : text.Length > most ? Invalid<string?>(name, $"It must be at most {most} characters long.")
            : text.Contains('\0', StringComparison.Ordinal) ? Invalid<string?>(name, "It must not hold NUL.")
            : text;
    }

    /// <summary>A text that must be there.</summary>
    public string NeedText(string name, int least = 1, int most = int.MaxValue)
    {
        if (Text(name, least, most) is { } text)
        {
            return text;
        }

        Fail(ApiError.Missing(PathOf(name)));
        return "";
    }

    public string? Choice(string name, params ReadOnlySpan<string> values)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        foreach (var value in values)
        {
            if (string.Equals(text, value, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return Invalid<string?>(name, $"It must be one of {string.Join(", ", values.ToArray().Select(value => $"'{value}'"))}.");
    }

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => Invalid<bool?>(name, "It must be true or false."),
    };

    public int? Integer(string name, int least, int most = int.MaxValue)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : Invalid<int?>(name, most == int.MaxValue
                ? $"It must be an integer of at least {least}."
                : $"It must be an integer between {least} and {most}.");
    }

    public double? Number(string name, double least, double most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : Invalid<double?>(name, string.Create(CultureInfo.InvariantCulture, $"It must be a number between {least} and {most}."));
    }

    public FieldReader? Object(string name) =>
        Find(name) is { } value ? new(value, PathOf(name), this) : null;

    /// <summary>The elements of an array, each with its path; none when it is absent.</summary>
    public IReadOnlyList<(JsonElement Value, string Path)> Array(string name, int most = int.MaxValue)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Invalid<string?>(name, "It must be an array.");
            return [];
        }

        var count = value.GetArrayLength();
        if (count > most)
        {
            Invalid<string?>(name, $"It must have at most {most} elements.");
            return [];
        }

        var path = PathOf(name);
        var elements = new List<(JsonElement, string)>(count);
        foreach (var element in value.EnumerateArray())
        {
            elements.Add((element, string.Create(CultureInfo.InvariantCulture, $"{path}[{elements.Count}]")));
        }

        return elements;
    }

    /// <summary>An element of <see cref="Array"/> as an object; its errors are errors of this one.</summary>
    public FieldReader Element((JsonElement Value, string Path) element) => new(element.Value, element.Path, this);

    public void Fail(string name, string message) => Fail(ApiError.Invalid(PathOf(name), message));

    public void Fail(ApiError error)
    {
        if (_parent is not null)
        {
            _parent.Fail(error);
            return;
        }

        _error ??= error;
    }

    /// <summary>The text of a string value; null for half a surrogate pair, which no text is.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private T? Invalid<T>(string name, string message)
    {
        Fail(name, message);
        return default;
    }
}
