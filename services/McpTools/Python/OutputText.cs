using System.Globalization;

namespace JanServer.McpTools.Python;

/// <summary>Shortens output to what a model can read.</summary>
internal static class OutputText
{
    /// <summary>
    /// The text, or its beginning and its end, which holds the error, with a notice in between. No character is cut in two.
    /// </summary>
    public static (string Text, bool Truncated) Shorten(string text, int limit)
    {
        if (text.Length <= limit)
        {
            return (text, false);
        }

        var head = limit / 2;
        var tail = text.Length - (limit - head);
        head -= char.IsHighSurrogate(text[head - 1]) ? 1 : 0;
        tail += char.IsLowSurrogate(text[tail]) ? 1 : 0;
        return (string.Create(CultureInfo.InvariantCulture, $"{text[..head]}\n[{tail - head} characters left out]\n{text[tail..]}"), true);
    }
}
