using System.Text.RegularExpressions;

namespace JanServer.Inference.Demo;

/// <summary>Cuts text into sentences and words.</summary>
internal static partial class Sentences
{
    public static IReadOnlyList<string> Of(string text) =>
        [.. End().Split(text).Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 0)];

    public static IReadOnlyList<string> Words(string text) => [.. Word().Matches(text).Select(match => match.Value)];

    /// <summary>The text on one line, cut at a word so that it has at most <paramref name="length"/> characters.</summary>
    public static string Shorten(string text, int length)
    {
        var line = Space().Replace(text, " ").Trim();
        if (line.Length <= length)
        {
            return line;
        }

        var cut = line.LastIndexOf(' ', length - 1);
        cut = cut > length / 2 ? cut : length - 1;
        cut -= char.IsHighSurrogate(line[cut - 1]) ? 1 : 0;
        return line[..cut].TrimEnd(',', ';', ':', ' ') + "…";
    }

    [GeneratedRegex(@"(?<=[.!?…][""')\]]?)\s+(?=\S)|\n+")]
    private static partial Regex End();

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['’\-][\p{L}\p{N}]+)*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
