using System.Collections.Frozen;

namespace JanServer.Inference.Demo;

/// <summary>Words that say little about what a text is about.</summary>
internal static class CommonWords
{
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        ("a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its just me my "
            + "no not of on or our please she so some than that the their them then there these they this those to us was we were what "
            + "when where which who will with would you your about also any all").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string word) => Words.Contains(word);
}
