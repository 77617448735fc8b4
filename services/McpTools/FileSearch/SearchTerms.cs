using System.Globalization;
using System.Text;

namespace JanServer.McpTools.FileSearch;

/// <summary>
/// Tells words apart, in any script. Scripts that write no spaces give pairs of characters, and single ones for texts, so that a word is
/// found wherever it stands.
/// </summary>
internal static class SearchTerms
{
    /// <summary>The most words of a query that are looked for.</summary>
    public const int MaxQueryTerms = 32;

    // What PostgreSQL takes as position.
    private const int MaxPosition = 16_383;
    private const int MaxTerm = 64;

    /// <summary>The words of a passage as the text of a <c>tsvector</c>, and how many they are.</summary>
    public static (string Vector, int Count) OfText(string text)
    {
        var positions = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        var position = 0;
        foreach (var word in Words(text, singles: true))
        {
            position = Math.Min(position + 1, MaxPosition);
            if (!positions.TryGetValue(word, out var found))
            {
                positions[word] = found = [];
            }

            found.Add(position);
        }

        // Words are letters and digits only, so nothing in them needs an escape.
        var vector = new StringBuilder();
        foreach (var (word, found) in positions)
        {
            vector.Append(vector.Length > 0 ? " '" : "'").Append(word).Append("':").AppendJoin(',', found.Distinct());
        }

        return (vector.ToString(), position);
    }

    /// <summary>The words of a query, each once, as the texts of <c>tsquery</c>.</summary>
    public static string[] OfQuery(string text) =>
        [.. Words(text, singles: false).Distinct(StringComparer.Ordinal).Take(MaxQueryTerms).Select(word => $"'{word}'")];

    private static IEnumerable<string> Words(string text, bool singles)
    {
        var word = new StringBuilder();
        var run = new List<string>();
        foreach (var rune in text.EnumerateRunes())
        {
            var folded = Fold(rune);
            if (!Rune.IsLetterOrDigit(folded) && !IsMark(folded))
            {
                foreach (var term in Take(word, run, singles))
                {
                    yield return term;
                }
            }
            else if (WritesNoSpaces(folded.Value))
            {
                foreach (var term in Take(word, [], singles))
                {
                    yield return term;
                }

                run.Add(folded.ToString());
            }
            else
            {
                foreach (var term in Take(new(), run, singles))
                {
                    yield return term;
                }

                word.Append(folded.ToString());
            }
        }

        foreach (var term in Take(word, run, singles))
        {
            yield return term;
        }
    }

    private static List<string> Take(StringBuilder word, List<string> run, bool singles)
    {
        var terms = new List<string>();
        if (word.Length > 0)
        {
            terms.Add(word.Length > MaxTerm ? Shorten(word.ToString()) : word.ToString());
            word.Clear();
        }

        if (run.Count > 0)
        {
            if (singles || run.Count == 1)
            {
                terms.AddRange(run);
            }

            for (var i = 0; i + 1 < run.Count; i++)
            {
                terms.Add(run[i] + run[i + 1]);
            }

            run.Clear();
        }

        return terms;
    }

    private static string Shorten(string word) => word[..(char.IsHighSurrogate(word[MaxTerm - 1]) ? MaxTerm - 1 : MaxTerm)];

    private static Rune Fold(Rune rune) =>
        Rune.ToLowerInvariant(rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Thai, Lao, Myanmar, Khmer; kana, Han and what comes with them; Hangul, which writes spaces but joins words.</summary>
    private static bool WritesNoSpaces(int rune) => rune is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFF9F) or (>= 0x20000 and <= 0x3FFFF);
}
