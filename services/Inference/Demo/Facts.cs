using System.Text.RegularExpressions;

namespace JanServer.Inference.Demo;

/// <summary>What the user said about themselves in this conversation. A later statement replaces an earlier one.</summary>
internal sealed partial class Facts
{
    private readonly List<KeyValuePair<string, string>> _facts = [];

    public IReadOnlyList<KeyValuePair<string, string>> All => _facts;

    public string? Find(string key) =>
        _facts.FirstOrDefault(fact => string.Equals(fact.Key, key, StringComparison.OrdinalIgnoreCase)).Value;

    public static Facts In(IEnumerable<string> texts)
    {
        var facts = new Facts();
        foreach (var sentence in texts.SelectMany(Statements))
        {
            facts.Read(sentence);
        }

        return facts;
    }

    private static IEnumerable<string> Statements(string text) =>
        SentenceEnd().Split(text).Select(part => part.Trim()).Where(part => part.Length is > 0 and < 400 && !part.EndsWith('?'));

    private void Read(string sentence)
    {
        foreach (Match match in Named().Matches(sentence))
        {
            Set("name", match.Groups[1].Value);
        }

        foreach (Match match in Age().Matches(sentence))
        {
            Set("age", match.Groups[1].Value);
        }

        foreach (Match match in Home().Matches(sentence))
        {
            Set("city", match.Groups[1].Value);
        }

        foreach (Match match in Likes().Matches(sentence))
        {
            Set("likes", match.Groups[1].Value);
        }

        foreach (Match match in Mine().Matches(sentence))
        {
            Set(match.Groups[1].Value, match.Groups[2].Value);
        }
    }

    private void Set(string key, string value)
    {
        key = key.Trim().ToLowerInvariant();
        value = value.Trim().TrimEnd('.', '!', ',', ';').Trim('"', '\'');
        if (key is "name" && _facts.Any(fact => fact.Key == "name" && fact.Value.StartsWith(value, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        if (value.Length > 0)
        {
            _facts.RemoveAll(fact => fact.Key == key);
            _facts.Add(new(key, value));
        }
    }

    [GeneratedRegex(@"(?<=[.!?])\s+|\n+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(
        @"(?:(?i:\bmy name is|\bmy name's|\bcall me|\bI am called|\bI'm called)\s+(?=\p{L})|\b(?:I am|I'm"
        + @"|I’m)\s+(?=\p{Lu}))(\p{L}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,2})")]
    private static partial Regex Named();

    [GeneratedRegex(@"\b(?:I am|I'm|I’m|aged?)\s+(\d{1,3})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Age();

    [GeneratedRegex(@"\b(?:(?i:live|living|based|work|am|come|I'm)\s+(?i:in|from))\s+(\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,2})")]
    private static partial Regex Home();

    [GeneratedRegex(@"\bI (?:really )?(?:like|love|enjoy|prefer)\s+(.+?)(?=\s+and\s+(?:my|I)\b|[,;!?\n]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Likes();

    [GeneratedRegex(
        @"\bmy\s+((?!name\b)(?:\p{L}+\s+){0,2}?\p{L}+)\s+(?:is|are)\s+(.+?)(?=\s+and\s+(?:my|I)\b|[,;!?\n]|$)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Mine();
}
