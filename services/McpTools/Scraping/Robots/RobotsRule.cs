namespace JanServer.McpTools.Scraping.Robots;

/// <summary>One <c>allow</c> or <c>disallow</c> line.</summary>
/// <param name="Allows">Which of the two.</param>
/// <param name="Pattern">The beginning of a normalized path; <c>*</c> stands for anything, <c>$</c> at the end for the path's end.</param>
internal sealed record RobotsRule(bool Allows, string Pattern)
{
    /// <summary>Whether the rule is about the path. Takes time in proportion to both lengths multiplied, at worst.</summary>
    public bool Matches(string path)
    {
        var toEnd = Pattern.EndsWith('$');
        var pattern = toEnd ? Pattern.AsSpan(0, Pattern.Length - 1) : Pattern;
        var (at, next, star, resume) = (0, 0, -1, 0);
        while (true)
        {
            if (next == pattern.Length && (!toEnd || at == path.Length))
            {
                return true;
            }

            if (next < pattern.Length && pattern[next] == '*')
            {
                (star, resume) = (next++, at);
            }
            else if (next < pattern.Length && at < path.Length && pattern[next] == path[at])
            {
                (next, at) = (next + 1, at + 1);
            }
            else if (star >= 0 && resume < path.Length)
            {
                // What the last star stands for grows by one.
                (next, at) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }
    }
}
