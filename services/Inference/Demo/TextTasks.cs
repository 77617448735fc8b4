using System.Globalization;
using System.Text.RegularExpressions;

namespace JanServer.Inference.Demo;

/// <summary>Things done to a given text: repeating, counting, changing case, reversing, summarising.</summary>
internal static partial class TextTasks
{
    /// <summary>A shorter text is taken for part of the request, and the text to summarise is looked for further up.</summary>
    private const int MinSummary = 60;

    public static string? Answer(Turn turn, Wording wording) =>
        Echo(turn.User) ?? Count(turn.User) ?? Transform(turn.User) ?? Summarise(turn, wording);

    private static string? Echo(string user) =>
        EchoRequest().Match(user) is { Success: true } match ? Unquote(match.Groups[1].Value) : null;

    private static string? Count(string user)
    {
        if (user.Length <= 200 && LetterCount().Match(user) is { Success: true } letter)
        {
            var (wanted, word) = (letter.Groups[1].Value, Unquote(letter.Groups[2].Value));
            var times = word.Count(c => char.ToLowerInvariant(c) == char.ToLowerInvariant(wanted[0]));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The letter \"{wanted}\" occurs {times} time{Plural(times)} in \"{word}\".");
        }

        if (CountRequest().Match(user) is not { Success: true } request)
        {
            return null;
        }

        var (what, text) = (request.Groups[1].Value.ToLowerInvariant(), Unquote(request.Groups[2].Value));
        var count = what switch
        {
            "word" => Sentences.Words(text).Count,
            "sentence" => Sentences.Of(text).Count,
            _ => new StringInfo(text).LengthInTextElements,
        };
        return string.Create(CultureInfo.InvariantCulture, $"That text has {count} {what}{Plural(count)}.");
    }

    private static string? Transform(string user)
    {
        if (TransformRequest().Match(user) is not { Success: true } match)
        {
            return null;
        }

        var text = Unquote(match.Groups["text"].Value);
        return match.Groups["verb"].Value.ToLowerInvariant() switch
        {
            "reverse" => Reverse(text),
            "lowercase" or "lower case" => text.ToLowerInvariant(),
            _ => text.ToUpperInvariant(),
        };
    }

    private static string? Summarise(Turn turn, Wording wording)
    {
        if (SummaryRequest().Match(turn.User) is not { Success: true } match)
        {
            return null;
        }

        var given = match.Groups["text"].Value.Trim();
        var text = given.Length >= MinSummary ? given : turn.UserTexts.SkipLast(1).Where(t => t.Length >= MinSummary).MaxBy(t => t.Length);
        if (text is null)
        {
            return "Give me the text to summarise after a colon: I choose its most telling sentences, word for word.";
        }

        var sentences = Instructions.In(turn.System, turn.Request).MaxSentences ?? Math.Clamp(Sentences.Of(text).Count / 3, 1, 4);
        return $"{wording.Pick("In short:", "The gist:", "Summary:")} {Summary.Of(text, sentences)}";
    }

    private static string Reverse(string text)
    {
        var elements = StringInfo.ParseCombiningCharacters(text);
        var info = new StringInfo(text);
        return string.Concat(Enumerable.Range(0, elements.Length).Reverse().Select(i => info.SubstringByTextElements(i, 1)));
    }

    private static string Plural(int count) => count == 1 ? "" : "s";

    private static string Unquote(string text)
    {
        text = text.Trim();
        return Quoted().Match(text) is { Success: true } match ? match.Groups[1].Value : text;
    }

    [GeneratedRegex("""^["'“‘`](.*)["'”’`][.!?]?$""", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"^(?:please\s+|can you\s+|could you\s+)?(?:(?:repeat|echo|say)(?:\s+(?:after me|exactly|back|this"
        + @"|the following))*|(?:reply|answer|respond)\s+(?:with\s+)?(?:only|just|exactly)(?:\s+with)?(?:\s+the\s+words?)?"
        + @"|(?:reply|respond)\s+with(?:\s+the\s+words?)?(?:\s+exactly)?)\s*:?\s+(\S.*)$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex EchoRequest();

    [GeneratedRegex(
        """\bhow (?:many|often)\b.{0,30}?(?:\bletters?\s+)?["'“]?\b(\p{L})\b["'”]?(?:'s|’s|s)?\s+(?:are\s+|is\s+|does\s+"""
        + """|occurs?\s+)?(?:there\s+)?(?:occur\s+|appear\s+)?in\s+(?:the word\s+)?["'“]?([\p{L}-]+)["'”]?\??$""",
        RegexOptions.IgnoreCase)]
    private static partial Regex LetterCount();

    [GeneratedRegex(
        @"^.{0,20}?\b(?:count|how many|number of)\s+(?:the\s+|of\s+)*(word|character|letter"
        + @"|sentence)s?\b[^:""“\n]{0,40}?(?::|\bin\b(?:\s+(?:this|the)\s+(?:text|sentence))?:?|(?=[""“])|\n)\s*(\S.*)$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex CountRequest();

    [GeneratedRegex(
        @"^(?:please\s+)?(?:(?<verb>reverse|uppercase|lowercase)(?:\s+(?:the\s+)?(?:word|text|string"
        + @"|this))*\s*:?\s+(?<text>\S.*)|(?:write|convert|put)\s+(?<text>\S.*?)\s+(?:in|to|into)\s+(?<verb>upper ?case"
        + @"|lower ?case|capitals)[.!?]?)$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex TransformRequest();

    [GeneratedRegex(
        @"^.{0,40}?\b(?:summari[sz]e|summary|tl;?dr|sum up)\b(?<lead>[^:\n]*[:\n])?(?<text>.*)$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex SummaryRequest();
}
