namespace JanServer.Inference.Demo;

/// <summary>
/// Summarises by choosing: a sentence scores by how often its telling words occur in the whole text, the first sentence a
/// little more; the best ones are given in their own order and words.
/// </summary>
internal static class Summary
{
    public static string Of(string text, int sentences)
    {
        var all = Sentences.Of(text);
        if (all.Count <= sentences)
        {
            return string.Join(' ', all);
        }

        var frequency = all
            .SelectMany(Telling)
            .GroupBy(word => word, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.OrdinalIgnoreCase);
        var chosen = all
            .Select((sentence, index) => (Index: index, Score: Score(sentence, index, frequency)))
            .OrderByDescending(scored => scored.Score)
            .ThenBy(scored => scored.Index)
            .Take(sentences)
            .Select(scored => scored.Index)
            .Order();
        return string.Join(' ', chosen.Select(index => all[index]));
    }

    private static double Score(string sentence, int index, Dictionary<string, int> frequency)
    {
        var words = Telling(sentence).ToArray();
        if (words.Length == 0)
        {
            return 0;
        }

        // The square root keeps long sentences from winning by length and short ones from winning by density.
        var score = words.Distinct(StringComparer.OrdinalIgnoreCase).Sum(word => frequency[word]) / Math.Sqrt(words.Length);
        return index == 0 ? score * 1.25 : score;
    }

    private static IEnumerable<string> Telling(string sentence) =>
        Sentences.Words(sentence).Where(word => word.Length > 2 && !CommonWords.Contains(word));
}
