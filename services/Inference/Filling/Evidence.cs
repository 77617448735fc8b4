using System.Globalization;
using System.Text.RegularExpressions;
using JanServer.Inference.Demo;

namespace JanServer.Inference.Filling;

/// <summary>
/// What a request offers to fill fields with: quotations, links, numbers, code, names, places, what the user said about
/// themselves. A quotation, link or number is used once, so that two fields do not get the same one.
/// </summary>
/// <param name="text">The request, or the part of it that is being served.</param>
/// <param name="topic">What the request is about, without its verbs; fills fields for free text.</param>
/// <param name="facts">What the user said about themselves.</param>
/// <param name="earlierUrls">Links from earlier tool results, for "the first result".</param>
internal sealed partial class Evidence(string text, string topic, Facts facts, IReadOnlyList<string> earlierUrls)
{
    private const string NameStart = """(?<![\p{L}\p{N}_])""";

    private const string ValueAfterName =
        """["']?\s*(?:=|:|\bis\b)\s*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s,;"'][^,;"\n]*?)(?=\s+and\s|[,;\n]|\.(?:\s|$)|\?|$))""";

    private readonly Queue<string> _quoted = new(QuotedIn(text));
    private readonly Queue<string> _urls = new([.. UrlsIn(text), .. earlierUrls]);
    private readonly Queue<double> _numbers = new(NumbersIn(text));

    public string Topic => topic;

    public static IReadOnlyList<string> QuotedIn(string text) =>
        [.. Quotation().Matches(text).Select(match => match.Groups.Values.Skip(1).First(group => group.Success).Value)];

    public static IReadOnlyList<string> UrlsIn(string text) =>
        [.. Url().Matches(text).Select(match => match.Value.TrimEnd('.', ',', ';', ':', '!', '?', ')', ']', '}', '"', '\'')).Distinct()];

    /// <summary>Capitalised names after in, for, at, from, to or near: "in San Francisco, Tokyo and Paris".</summary>
    public static IReadOnlyList<string> PlacesIn(string text) =>
        [
            .. Places().Matches(text)
                .SelectMany(match => match.Groups["place"].Captures)
                .Select(capture => capture.Value)
                .Where(place => !Calendar().IsMatch(place))
                .Distinct(),
        ];

    /// <summary>The text for a field, or null when nothing in the request speaks of it.</summary>
    public string? Text(FieldName field, string? format)
    {
        if (field.IsCode)
        {
            return Program();
        }

        if (Labelled(field) is { } labelled)
        {
            return labelled;
        }

        return field switch
        {
            _ when field.IsUrl || format is "uri" or "url" => Next(_urls),
            _ when field.IsEmail || format is "email" => Email().Match(text) is { Success: true } email ? email.Value : facts.Find("email"),
            _ when field.IsExpression => ArithmeticInText.Find(text)?.Expression ?? Next(_quoted) ?? topic,
            _ when field.IsLanguage => Languages().Match(text) is { Success: true } language ? language.Value.ToLowerInvariant() : null,
            _ when field.IsPlace => First(PlacesIn(text)) ?? (LoneName().IsMatch(topic) ? topic : facts.Find("city")),
            _ when format is "date" or "date-time" => IsoDate().Match(text) is { Success: true } iso ? iso.Value : null,
            _ when field.IsDate => Day().Match(text) is { Success: true } day ? day.Value : null,
            _ when field.IsPerson => facts.Find("name") ?? First(NamesIn(text)),
            _ when format is not null => null,
            _ => facts.Find(field.Spoken) ?? (field.IsText ? Next(_quoted) ?? Given(topic) : Next(_quoted)),
        };
    }

    /// <summary>The texts for a list.</summary>
    public IReadOnlyList<string> Texts(FieldName field) =>
        field.IsUrl ? Drain(_urls)
        : field.IsPlace ? PlacesIn(text)
        : field.IsPerson ? NamesIn(text)
        : Drain(_quoted);

    public double? Number(FieldName field, bool whole)
    {
        if (field.Spoken == "age" && (facts.Find("age") ?? AgeIn().Match(text).Groups[1].Value) is { Length: > 0 } age)
        {
            return double.Parse(age, CultureInfo.InvariantCulture);
        }

        if (Labelled(field) is { } labelled && NumbersIn(labelled) is [var first, ..] && IsFitting(first, whole))
        {
            return first;
        }

        return _numbers.TryPeek(out var number) && IsFitting(number, whole) ? _numbers.Dequeue() : null;
    }

    /// <summary>Whether the request says yes or no to a flag by naming it; null when it does not speak of it.</summary>
    public bool? Flag(FieldName field)
    {
        var at = text.IndexOf(field.Spoken, StringComparison.OrdinalIgnoreCase);
        return field.Spoken.Length == 0 || at < 0 ? null : !Negation().IsMatch(text[Math.Max(0, at - 12)..at]);
    }

    public bool Mentions(string value) =>
        value.Length > 0
        && Regex.IsMatch(text, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(value)}(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase);

    /// <summary>Whether something in the request was said of this field by name, so that even an optional one is filled.</summary>
    public bool SpeaksOf(FieldName field) =>
        Labelled(field) is not null
        || (field.IsUrl && _urls.Count > 0)
        || (field.IsPlace && PlacesIn(text).Count > 0)
        || facts.Find(field.Spoken) is not null;

    /// <summary>"age: 31", "age is 31", "age = 31".</summary>
    private string? Labelled(FieldName field)
    {
        if (field.Spoken.Length == 0 || text.Length > 20_000)
        {
            return null;
        }

        foreach (var name in new[] { field.Text, field.Spoken }.Distinct())
        {
            var match = Regex.Match(
                text,
                $"{NameStart}{Regex.Escape(name)}{ValueAfterName}",
                RegexOptions.IgnoreCase);
            if (match.Success)
            {
                return match.Groups.Values.Skip(1).First(group => group.Success).Value.Trim();
            }
        }

        return null;
    }

    /// <summary>Code that the request holds; a program that it only describes cannot be written by rules, and the code says so.</summary>
    private string Program()
    {
        if (CodeBlock().Match(text) is { Success: true } block)
        {
            return block.Groups[1].Value.Trim('\r', '\n');
        }

        if (InlineCode().Match(text) is { Success: true } inline)
        {
            return inline.Groups[1].Value.Trim();
        }

        if (ArithmeticInText.Find(text) is { } sum)
        {
            return $"print({sum.Expression.Replace("^", "**", StringComparison.Ordinal)})";
        }

        return Next(_quoted) is { } quoted
            ? quoted
            : $"# jan-demo follows rules and cannot write programs\nprint({Quote(Sentences.Shorten(topic, 200))})";
    }

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static IReadOnlyList<string> NamesIn(string text) =>
        [
            .. Capitalised().Matches(text)
                .Select(match => match.Value)
                .Where(name => !CommonWords.Contains(name) && !Calendar().IsMatch(name) && !Verbs().IsMatch(name))
                .Distinct(),
        ];

    private static IReadOnlyList<double> NumbersIn(string text) =>
        [
            .. NumberText().Matches(Url().Replace(text, " "))
                .Select(match => double.Parse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture)),
        ];

    private static bool IsFitting(double number, bool whole) => !whole || number == Math.Floor(number);

    private static string? Next(Queue<string> values) => values.TryDequeue(out var value) ? value : null;

    private static string? First(IReadOnlyList<string> values) => values.Count > 0 ? values[0] : null;

    private static string? Given(string value) => value.Length > 0 ? value : null;

    private static string[] Drain(Queue<string> values)
    {
        var all = values.ToArray();
        values.Clear();
        return all;
    }

    [GeneratedRegex("\"([^\"\\n]+)\"|“([^”\\n]+)”|«([^»\\n]+)»|(?<![\\p{L}\\p{N}])'([^'\\n]+)'(?![\\p{L}\\p{N}])")]
    private static partial Regex Quotation();

    [GeneratedRegex(@"https?://[^\s<>""'`]+", RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex(@"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![\p{L}\p{N}.])-?\d{1,15}(?:\.\d{1,10})?(?![\p{L}\p{N}])")]
    private static partial Regex NumberText();

    [GeneratedRegex(@"\b(\d{1,3})[- ]years?[- ]old\b", RegexOptions.IgnoreCase)]
    private static partial Regex AgeIn();

    [GeneratedRegex(
        @"\b(?:in|for|at|from|to|near|of)\s+(?<place>\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*)*)(?:(?:,\s*(?:and\s+)?"
        + @"|\s+and\s+)(?<place>\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*)*))*")]
    private static partial Regex Places();

    [GeneratedRegex(@"^\p{Lu}[\p{L}'-]*(?:[ ,]+\p{Lu}[\p{L}'-]*){0,3}$")]
    private static partial Regex LoneName();

    [GeneratedRegex(@"\b\p{Lu}[\p{Ll}'-]+(?:\s+\p{Lu}[\p{Ll}'-]+)*")]
    private static partial Regex Capitalised();

    [GeneratedRegex(
        @"^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
        + @"|October|November|December|Celsius|Fahrenheit)$")]
    private static partial Regex Calendar();

    [GeneratedRegex(
        @"^(?:Extract|Create|Generate|Give|Make|Tell|Write|Return|Find|Get|List|Show|Please|Output|Describe|Fill|Produce"
        + @"|Search|Name|Hello|Hi)\b")]
    private static partial Regex Verbs();

    [GeneratedRegex(
        @"\b(?:\d{4}-\d{2}-\d{2}|today|tomorrow|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{1,2}\s+(?:January|February"
        + @"|March|April|May|June|July|August|September|October|November|December)(?:\s+\d{4})?|(?:January|February|March"
        + @"|April|May|June|July|August|September|October|November|December)\s+\d{1,2}(?:,?\s+\d{4})?)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Day();

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))?\b")]
    private static partial Regex IsoDate();

    [GeneratedRegex(@"\b(?:python|javascript|typescript|bash|ruby|rust|java|golang|php|sql)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Languages();

    [GeneratedRegex(@"\b(?:no|not|without|don't|never)\s+(?:the\s+|any\s+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Negation();

    [GeneratedRegex(@"```(?:[\w+-]*[ \t]*\n)?(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(
        @"`([^`\n]+)`|(?:\bpython|\bcode|\bscript|\brun|\bexecute)\s*:\s*(?<1>\S.*)$|\b(?:python|run|execute)\s+"
        + @"(?:code\s+)?(?<1>\w[\w.]*\(.*\))\s*$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex InlineCode();
}
