using System.Text;
using Microsoft.ML.Tokenizers;

namespace JanServer.ResponseApi.Runs;

/// <summary>Counts text in tokens of o200k: not those of every model, but near enough for limits. The vocabulary is loaded when it is first needed.</summary>
internal static class TokenCount
{
    private static readonly Lazy<TiktokenTokenizer> Tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>The tokens of a text.</summary>
    public static int Of(string text) => text.Length == 0 ? 0 : Tokenizer.Value.CountTokens(text);

    /// <summary>The beginning of a text that has at most <paramref name="most"/> tokens; null when all of it fits.</summary>
    public static string? CutTo(string text, int most)
    {
        // A token is at least one byte, so a short text need not be counted.
        if (Encoding.UTF8.GetByteCount(text) <= most)
        {
            return null;
        }

        // What is far longer than it may be is cut first: counting takes time that grows with the length.
        var head = text.Length > (long)most * 16 ? text[..(most * 16)] : text;
        var end = Tokenizer.Value.GetIndexByTokenCount(head, most, out _, out _);
        if (end >= text.Length)
        {
            return null;
        }

        return text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }
}
