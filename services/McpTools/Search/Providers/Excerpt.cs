namespace JanServer.McpTools.Search.Providers;

/// <summary>Shortens text without cutting a character in two.</summary>
internal static class Excerpt
{
    /// <summary>The text, or its beginning with an ellipsis when it has more than <paramref name="max"/> UTF-16 units.</summary>
    public static string Of(string text, int max) => text.Length <= max ? text : Beginning(text, max) + "…";

    /// <summary>The beginning of at most <paramref name="max"/> UTF-16 units.</summary>
    public static string Beginning(string text, int max) =>
        text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
}
