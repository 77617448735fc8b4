namespace JanServer.McpTools.Scraping.Robots;

/// <summary>Reads robots.txt as RFC 9309 section 2.2 says: groups of user agents with rules; whatever else is in it is left alone.</summary>
internal static class RobotsFile
{
    /// <summary>How much of a file is read in bytes; the RFC asks for at least 500 KiB.</summary>
    public const int MaxBytes = 512 << 10;

    // A bound for what is kept; sites have tens.
    private const int MaxRules = 2000;
    private const int MaxPatternChars = 2048;

    private static readonly char[] LineEnds = ['\r', '\n'];

    /// <summary>The rules of all groups for <paramref name="agent"/>, else of those for everybody (<c>*</c>).</summary>
    /// <param name="text">The file.</param>
    /// <param name="agent">Our product token, compared without regard to case.</param>
    public static RobotsRules Parse(string text, string agent)
    {
        var (ours, everybodys) = (new List<RobotsRule>(), new List<RobotsRule>());
        var (isForUs, isForAll, isNamed, isHeader) = (false, false, false, false);
        foreach (var (key, value) in Lines(text))
        {
            if (key == "user-agent")
            {
                // The first agent after rules begins a group; several in a row share one.
                (isForUs, isForAll) = isHeader ? (isForUs, isForAll) : (false, false);
                isHeader = true;
                var isOurs = Product(value).Equals(agent, StringComparison.OrdinalIgnoreCase);
                (isForUs, isForAll, isNamed) = (isForUs || isOurs, isForAll || value == "*", isNamed || isOurs);
            }
            else if (key is "allow" or "disallow")
            {
                isHeader = false;
                AddRule(isForUs ? ours : null, key, value);
                AddRule(isForAll ? everybodys : null, key, value);
            }
        }

        return new(isNamed ? ours : everybodys);
    }

    private static void AddRule(List<RobotsRule>? rules, string key, string value)
    {
        // An empty pattern forbids nothing.
        if (rules is { Count: < MaxRules } && value.Length is > 0 and <= MaxPatternChars && value[0] is '/' or '*')
        {
            rules.Add(new(key == "allow", RobotsRules.Normalize(value)));
        }
    }

    private static IEnumerable<(string Key, string Value)> Lines(string text) =>
        from line in text.TrimStart('\uFEFF').Split(LineEnds, StringSplitOptions.RemoveEmptyEntries)
        let content = line.Split('#', 2)[0]
        let colon = content.IndexOf(':', StringComparison.Ordinal)
        where colon > 0
        select (content[..colon].Trim().ToLowerInvariant(), content[(colon + 1)..].Trim());

    // "JanServer/1.0 (+https://…)" is about JanServer.
    private static string Product(string value) =>
        new([.. value.TakeWhile(c => char.IsAsciiLetter(c) || c is '_' or '-')]);
}
