using System.Globalization;
using System.Text;

namespace JanServer.Inference.Tokens;

/// <summary>
/// The demonstration models' own tokenizer. A token is one of: up to eight letters, up to three digits, one CJK character, one
/// other symbol (each with at most one leading space), or a run of white space. Joining the tokens gives the text back.
/// </summary>
internal static class Tokenizer
{
    private const int MaxLetters = 8;
    private const int MaxDigits = 3;

    public static IReadOnlyList<string> Split(string text)
    {
        var tokens = new List<string>(text.Length / 4);
        for (var at = 0; at < text.Length;)
        {
            var length = NextLength(text.AsSpan(at));
            tokens.Add(text.Substring(at, length));
            at += length;
        }

        return tokens;
    }

    public static int Count(string text)
    {
        var count = 0;
        for (var rest = text.AsSpan(); !rest.IsEmpty; rest = rest[NextLength(rest)..])
        {
            count++;
        }

        return count;
    }

    /// <summary>The number that stands for a token (FNV-1a of its UTF-8 bytes, 31 bits): stable across runs and machines.</summary>
    public static int IdOf(string token)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(token))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return (int)(hash & int.MaxValue);
    }

    private static int NextLength(ReadOnlySpan<char> text)
    {
        var lead = text[0] == ' ' && text.Length > 1 && !char.IsWhiteSpace(text[1]) ? 1 : 0;
        if (lead == 0 && char.IsWhiteSpace(text[0]))
        {
            return WhiteSpaceLength(text);
        }

        var body = text[lead..];
        _ = Rune.DecodeFromUtf16(body, out var first, out var firstLength);
        if (IsIdeograph(first))
        {
            return lead + firstLength;
        }

        return lead + (Rune.IsLetter(first) ? RunLength(body, MaxLetters, IsWordPart)
            : Rune.IsDigit(first) ? RunLength(body, MaxDigits, Rune.IsDigit)
            : firstLength);
    }

    /// <summary>A run of white space leaves its last space to the word after it.</summary>
    private static int WhiteSpaceLength(ReadOnlySpan<char> text)
    {
        var length = 1;
        while (length < text.Length && char.IsWhiteSpace(text[length]))
        {
            length++;
        }

        return length > 1 && length < text.Length && text[length - 1] == ' ' ? length - 1 : length;
    }

    private static int RunLength(ReadOnlySpan<char> text, int max, Func<Rune, bool> belongs)
    {
        var length = 0;
        for (var count = 0; count < max && length < text.Length; count++)
        {
            _ = Rune.DecodeFromUtf16(text[length..], out var rune, out var consumed);
            if (!belongs(rune))
            {
                break;
            }

            length += consumed;
        }

        return length;
    }

    private static bool IsWordPart(Rune rune) =>
        (Rune.IsLetter(rune) && !IsIdeograph(rune))
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsIdeograph(Rune rune) =>
        rune.Value is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
