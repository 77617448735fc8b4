using System.Text;
using System.Text.RegularExpressions;

namespace JanServer.LlmApi.Conversations.Titles;

/// <summary>What a title may look like. Lengths are in runes, so no character is ever cut in two.</summary>
internal static partial class TitleText
{
    public const int MaxLength = 256;

    /// <summary>What clients call a conversation without a title.</summary>
    private const string Placeholder = "New Conversation";
    private const string Kept = ".,!?-'";
    private const string Ellipsis = "...";

    /// <summary>The title that a user chose, on one line; null when it says nothing.</summary>
    public static string? Chosen(string? title)
    {
        if (title is null)
        {
            return null;
        }

        var clean = new StringBuilder(Math.Min(title.Length, 1024));
        foreach (var rune in title.EnumerateRunes())
        {
            clean.Append(Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) ? new Rune(' ') : rune);
        }

        var text = Spaces().Replace(clean.ToString(), " ").Trim();
        return text.Length == 0 || text.Equals(Placeholder, StringComparison.OrdinalIgnoreCase) ? null : Shorten(text, MaxLength);
    }

    /// <summary>
    /// A title made of what somebody said: without addresses, markup and symbols. Null when nothing is left of it, or when it is the
    /// placeholder.
    /// </summary>
    public static string? Derive(string? text)
    {
        if (text is null)
        {
            return null;
        }

        // A title is short; a message may be a book.
        var plain = text.Length > 4096 ? text[..(char.IsHighSurrogate(text[4095]) ? 4095 : 4096)] : text;
        plain = MarkdownLinks().Replace(plain, "$1");
        plain = Urls().Replace(plain, " ");
        plain = Emails().Replace(plain, " ");
        var kept = new StringBuilder(plain.Length);
        foreach (var rune in plain.EnumerateRunes())
        {
            // Marks belong to the letters before them: without them Hindi, Thai and decomposed accents fall apart.
            var keeps = Rune.IsLetterOrDigit(rune)
                || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark
                    or System.Globalization.UnicodeCategory.SpacingCombiningMark
                || (rune.IsAscii && Kept.Contains((char)rune.Value, StringComparison.Ordinal));
            kept.Append(keeps ? rune : new Rune(' '));
        }

        var title = Spaces().Replace(kept.ToString(), " ").Trim().TrimEnd('.', ',', '!', '?', '-', '\'', ' ');
        return title.Length == 0 || title.Equals(Placeholder, StringComparison.OrdinalIgnoreCase) ? null : Shorten(title, MaxLength);
    }

    /// <summary>At most <paramref name="max"/> runes, at the end of a word where one is near.</summary>
    public static string Shorten(string text, int max)
    {
        var (runes, cut, at) = (0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (++runes > max)
            {
                var head = text[..cut];
                var word = head.LastIndexOf(' ');
                return (word > head.Length / 2 ? head[..word] : head).TrimEnd() + Ellipsis;
            }

            at += rune.Utf16SequenceLength;
            cut = runes == max - Ellipsis.Length ? at : cut;
        }

        return text;
    }

    [GeneratedRegex(@"\[([^\]\r\n]*)\]\([^)\r\n]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex MarkdownLinks();

    [GeneratedRegex(@"(?i)\b(https?://|ftp://|www\.)\S+", RegexOptions.NonBacktracking)]
    private static partial Regex Urls();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(\.[\w-]+)+", RegexOptions.NonBacktracking)]
    private static partial Regex Emails();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
