namespace JanServer.McpTools.FileSearch;

/// <summary>
/// Cuts texts into passages: between paragraphs where it can, else between sentences of any script, else between words. Passages of one
/// paragraph overlap by whole sentences, so that what stands at a cut is found from both sides.
/// </summary>
internal static class TextChunks
{
    // A passage that has come this far ends with its paragraph.
    private const double FullEnough = 0.6;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">The most characters of a passage.</param>
    /// <param name="overlap">The most characters that two passages share; less than <paramref name="most"/>.</param>
    public static List<string> Cut(string text, int most, int overlap)
    {
        var chunks = new List<string>();
        var sentences = Sentences(text, most);
        var first = 0;
        for (var i = 0; i < sentences.Count; i++)
        {
            var isLast = i + 1 == sentences.Count;
            var length = sentences[i].End - sentences[first].Start;
            if (!isLast && sentences[i + 1].End - sentences[first].Start <= most && !(sentences[i].EndsParagraph && length >= most * FullEnough))
            {
                continue;
            }

            Add(chunks, text[sentences[first].Start..sentences[i].End]);
            first = isLast || sentences[i].EndsParagraph ? i + 1 : Overlapping(sentences, first, i, most, overlap);
        }

        return chunks;
    }

    /// <summary>The first sentence of the passage after one that ends with sentence <paramref name="last"/>.</summary>
    private static int Overlapping(List<Sentence> sentences, int first, int last, int most, int overlap)
    {
        var next = last + 1;
        while (next - 1 > first && sentences[last].End - sentences[next - 1].Start <= overlap && sentences[last + 1].End - sentences[next - 1].Start <= most)
        {
            next--;
        }

        return next;
    }

    private static void Add(List<string> chunks, string chunk)
    {
        chunk = chunk.Trim();
        if (chunk.Any(char.IsLetterOrDigit))
        {
            chunks.Add(chunk);
        }
    }

    private static List<Sentence> Sentences(string text, int most)
    {
        var sentences = new List<Sentence>();
        var start = 0;
        while (start < text.Length)
        {
            var end = EndOf(text, start, most);
            var next = end;
            var lines = end > start && text[end - 1] == '\n' ? 1 : 0;
            while (next < text.Length && char.IsWhiteSpace(text[next]))
            {
                lines += text[next++] == '\n' ? 1 : 0;
            }

            sentences.Add(new(start, end, lines > 1));
            start = next;
        }

        return sentences;
    }

    private static int EndOf(string text, int start, int most)
    {
        var limit = Math.Min(text.Length, start + most);
        for (var i = start; i < limit; i++)
        {
            if (text[i] is '\n' or '。' or '！' or '？' or '．' or '।' or '؟' or '۔' or '።' or '။'
                || (text[i] is '.' or '!' or '?' or '…' && i + 1 < text.Length && char.IsWhiteSpace(text[i + 1])))
            {
                return i + 1;
            }
        }

        return limit == text.Length ? limit : BetweenWords(text, start, limit);
    }

    private static int BetweenWords(string text, int start, int limit)
    {
        for (var i = limit; i > start + ((limit - start) / 2); i--)
        {
            if (char.IsWhiteSpace(text[i - 1]))
            {
                return i;
            }
        }

        return char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
    }

    private readonly record struct Sentence(int Start, int End, bool EndsParagraph);
}
