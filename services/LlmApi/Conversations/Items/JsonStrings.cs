using System.Text.Json;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>Looks for strings that are JSON and yet no text: NUL, or half a surrogate pair behind an escape.</summary>
internal static class JsonStrings
{
    /// <summary>The path of the first such string, or null.</summary>
    public static string? FindUnreadable(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return IsReadable(element) ? null : path;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var value in element.EnumerateArray())
                {
                    if (FindUnreadable(value, $"{path}[{index++}]") is { } found)
                    {
                        return found;
                    }
                }

                return null;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (NameOf(member) is not { } name)
                    {
                        return path;
                    }

                    if (FindUnreadable(member.Value, $"{path}.{name}") is { } found)
                    {
                        return found;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsReadable(JsonElement text)
    {
        try
        {
            return !text.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            // What the element says of half a pair.
            return false;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name.Contains('\0', StringComparison.Ordinal) ? null : member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
