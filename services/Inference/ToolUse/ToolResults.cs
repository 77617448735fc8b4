using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using JanServer.Inference.Demo;

namespace JanServer.Inference.ToolUse;

/// <summary>Tells what tools returned: each by name, with the gist quoted, and a failure as a failure.</summary>
internal static partial class ToolResults
{
    private const int MaxGist = 320;
    private const int MaxItems = 3;

    public static string Tell(IReadOnlyList<ToolOutcome> outcomes, Wording wording)
    {
        var told = outcomes.Select(Tell).ToArray();
        return told.Length == 1
            ? $"{wording.Pick("Here is what I got.", "The tool answered.", "Done.")} {told[0]}"
            : $"{wording.Pick("Here is what the tools returned:", "The tools answered:", "Results:")}\n- {string.Join("\n- ", told)}";
    }

    private static string Tell(ToolOutcome outcome)
    {
        var text = outcome.Result.Trim();
        if (text.Length == 0)
        {
            return $"{outcome.Name} returned nothing.";
        }

        var json = AsJson(text);
        var error = json is { } answer ? Error(answer) : FailureText().IsMatch(text) ? Sentences.Shorten(LastLine(text), MaxGist) : null;
        if (error is not null)
        {
            return $"{outcome.Name} failed: \"{error}\"";
        }

        return $"{outcome.Name}: \"{(json is { } value ? Gist(value) : Sentences.Shorten(Summary.Of(text, MaxItems), MaxGist))}\"";
    }

    private static JsonElement? AsJson(string text)
    {
        if (text[0] is not ('{' or '['))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Error(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in (ReadOnlySpan<string>)["error", "errors", "exception"])
        {
            if (json.TryGetProperty(name, out var error)
                && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)
                && Gist(error) is { Length: > 0 } gist)
            {
                return gist;
            }
        }

        return json.TryGetProperty("isError", out var flag) && flag.ValueKind == JsonValueKind.True ? Gist(json) : null;
    }

    private static string Gist(JsonElement json) => Sentences.Shorten(Flatten(json, 0), MaxGist);

    private static string Flatten(JsonElement json, int depth)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return json.GetString()!;
            case JsonValueKind.Array:
                var items = json.EnumerateArray().Take(MaxItems).Select(item => Flatten(item, depth + 1)).Where(item => item.Length > 0);
                var more = json.GetArrayLength() - MaxItems;
                return string.Join("; ", items) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $"; and {more} more") : "");
            case JsonValueKind.Object when depth < 4:
                return FlattenObject(json, depth);
            case JsonValueKind.Null:
                return "";
            default:
                return json.GetRawText();
        }
    }

    /// <summary>A search hit is its title and link; a container is what it contains; anything else is its fields.</summary>
    private static string FlattenObject(JsonElement json, int depth)
    {
        if (Member(json, "title", "name") is { } title && Member(json, "url", "link", "source_url", "href") is { } link)
        {
            return $"{title} ({link})";
        }

        foreach (var name in (ReadOnlySpan<string>)
            ["results", "organic", "items", "data", "content", "text", "stdout", "output", "memories"])
        {
            if (json.TryGetProperty(name, out var inner)
                && inner.ValueKind is JsonValueKind.Array or JsonValueKind.String
                && Flatten(inner, depth + 1) is { Length: > 0 } contained)
            {
                return contained;
            }
        }

        return string.Join(", ", json.EnumerateObject()
            .Select(member => (member.Name, Value: Flatten(member.Value, depth + 1)))
            .Where(member => member.Value.Length > 0)
            .Take(8)
            .Select(member => $"{member.Name}: {member.Value}"));
    }

    private static string? Member(JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }
        }

        return null;
    }

    private static string LastLine(string text) =>
        text.Contains("Traceback", StringComparison.Ordinal) ? text[(text.LastIndexOf('\n') + 1)..] : text;

    [GeneratedRegex(
        @"^\W*(?:error|failed|failure|exception|fatal)\b|Traceback \(most recent call last\)|^\w+(?:Error|Exception):",
        RegexOptions.IgnoreCase)]
    private static partial Regex FailureText();
}
