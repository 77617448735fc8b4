using System.Text;

namespace JanServer.Inference.Demo;

/// <summary>
/// Text that rules may match at leisure: of limited length, and without the long runs of white space on which patterns with
/// repetition take quadratic time.
/// </summary>
internal static class BoundedText
{
    private const int MaxRun = 64;
    private const int MaxLength = 20_000;

    public static string Of(string text)
    {
        var kept = new StringBuilder(Math.Min(text.Length, MaxLength));
        var run = 0;
        foreach (var c in text)
        {
            run = char.IsWhiteSpace(c) ? run + 1 : 0;
            if (run <= MaxRun)
            {
                kept.Append(c);
            }

            if (kept.Length == MaxLength)
            {
                break;
            }
        }

        return kept.ToString();
    }
}
