using System.Text;
using Microsoft.ML.Tokenizers;

namespace JanServer.ResponseApi.Runs;

/// <summary>Counts text in tokens of o200k: not those of every model, but near enough for limits. The vocabulary is loaded when it is first needed.</summary>
internal static class TokenCount
{
    // The time to tokenize a run of characters without a break grows with the square of its length, so that a text of a tool could hold a
    // processor for minutes. In slices it grows with the length, at the cost of a token more per slice at most.
    private const int SliceLength = 2048;

    private static readonly Lazy<TiktokenTokenizer> Tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>The tokens of a text.</summary>
    public static int Of(string text)
    {
        var count = 0;
        for (var at = 0; at < text.Length;)
        {
            var slice = SliceAt(text, at);
            count += Tokenizer.Value.CountTokens(slice);
            at += slice.Length;
        }

        return count;
    }

    /// <summary>The beginning of a text that has at most <paramref name="most"/> tokens; null when all of it fits.</summary>
    public static string? CutTo(string text, int most)
    {
        // A token is at least one byte, so a short text need not be counted.
        if (Encoding.UTF8.GetByteCount(text) <= most)
        {
            return null;
        }

        var left = most;
        for (var at = 0; at < text.Length;)
        {
            var slice = SliceAt(text, at);
            var end = left > 0 ? Tokenizer.Value.GetIndexByTokenCount(slice, left, out _, out var count) : Stop(out count);
            if (end < slice.Length)
            {
                return Whole(text, at + end);
            }

            left -= count;
            at += slice.Length;
        }

        return null;
    }

    private static int Stop(out int count) => count = 0;

    private static ReadOnlySpan<char> SliceAt(string text, int at)
    {
        var length = Math.Min(SliceLength, text.Length - at);
        var isSplit = at + length < text.Length && char.IsHighSurrogate(text[at + length - 1]);
        return text.AsSpan(at, isSplit ? length - 1 : length);
    }

    private static string Whole(string text, int end) => text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
}
