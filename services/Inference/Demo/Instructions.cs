using System.Globalization;
using System.Text.RegularExpressions;

namespace JanServer.Inference.Demo;

/// <summary>The few instructions of a system prompt that rules can follow: length, capitals and a name to answer to.</summary>
internal sealed partial record Instructions(int? MaxSentences, int? MaxWords, bool Capitals, string? Persona)
{
    private static readonly string[] Numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    public static Instructions In(string system, string user)
    {
        var both = $"{system}\n{user}";
        return new(
            SentenceLimit(both, system),
            Words().Match(both) is { Success: true } words ? Number(words.Groups[1].Value) : null,
            Capital().IsMatch(both),
            Name().Match(system) is { Success: true } name ? name.Groups[1].Value : null);
    }

    public string Apply(string text)
    {
        if (MaxSentences is { } sentences)
        {
            text = string.Join(' ', Sentences.Of(text).Take(sentences));
        }

        if (MaxWords is { } words)
        {
            var all = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            text = all.Length > words ? string.Join(' ', all.Take(words)).TrimEnd(',', ';', ':', '.') + "." : text;
        }

        return Capitals ? text.ToUpperInvariant() : text;
    }

    private static int? SentenceLimit(string both, string system) =>
        SentenceCount().Match(both) is { Success: true } count ? Number(count.Groups[1].Value)
        : Brief().IsMatch(system) ? 2
        : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, 10_000)
        : text.ToLowerInvariant() is "a" or "single" ? 1
        : Array.IndexOf(Numbers, text.ToLowerInvariant()) is >= 0 and var index ? index + 1
        : null;

    [GeneratedRegex(
        @"\b(?:in|with|using|within|at most|maximum of|no more than|only)\s+(?:at most\s+|only\s+|exactly\s+)?(a|single"
        + @"|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\s+(?:short\s+|single\s+)?sentences?\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex SentenceCount();

    [GeneratedRegex(
        @"\b(?:in|with|within|under|at most|maximum of|no more than|up to|fewer than)\s+(\d{1,4}|one|two|three|four|five"
        + @"|six|seven|eight|nine|ten)\s+words?\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Words();

    [GeneratedRegex(
        @"\b(?:be brief|be concise|briefly|concisely|short answers?|keep (?:it|answers|your answers) short)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Brief();

    [GeneratedRegex(
        @"\b(?:answer|reply|respond|write|speak)\b[^.\n]{0,30}\b(?:in )?(?:all caps|upper ?case|capitals"
        + @"|capital letters)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Capital();

    [GeneratedRegex(@"\b(?i:you are|your name is|you're)\s+(\p{Lu}[\p{L}\d-]*)")]
    private static partial Regex Name();
}
