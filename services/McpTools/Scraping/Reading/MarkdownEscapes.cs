using System.Text;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>Keeps the text of a page from being read as markup.</summary>
internal static class MarkdownEscapes
{
    /// <summary>Escapes what would be markup where it stands, and no more: the text is read by models.</summary>
    public static string Apply(string text, bool atLineStart)
    {
        var escaped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is '\\' or '`' or '*' or '[' or ']' or '<' || (c == '_' && !IsWithinWord(text, at)))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return atLineStart ? AtLineStart(escaped.ToString()) : escaped.ToString();
    }

    /// <summary>The longest run of <paramref name="c"/>.</summary>
    public static int LongestRun(string text, char c)
    {
        var (longest, run) = (0, 0);
        foreach (var each in text)
        {
            run = each == c ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    // What begins a heading, a quote or a list.
    private static string AtLineStart(string text)
    {
        var start = text.Length - text.AsSpan().TrimStart().Length;
        if (start == text.Length)
        {
            return text;
        }

        var digits = start;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        return text[start] is '#' or '>' || (text[start] is '-' or '+' && IsSpaceOrEnd(text, start + 1)) ? text.Insert(start, "\\")
            : digits > start && digits < text.Length && text[digits] is '.' or ')' && IsSpaceOrEnd(text, digits + 1) ? text.Insert(digits, "\\")
            : text;
    }

    private static bool IsSpaceOrEnd(string text, int at) => at >= text.Length || char.IsWhiteSpace(text[at]);

    private static bool IsWithinWord(string text, int at) =>
        at > 0 && at + 1 < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1]);
}
