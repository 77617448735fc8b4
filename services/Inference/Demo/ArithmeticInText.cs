using System.Buffers;
using System.Text.RegularExpressions;

namespace JanServer.Inference.Demo;

/// <summary>Finds the arithmetic in a sentence, written in symbols or in words.</summary>
internal static partial class ArithmeticInText
{
    private static readonly SearchValues<char> Operators = SearchValues.Create("+-*/^%!");

    private static readonly (Regex Words, string Symbols)[] Spoken =
    [
        (Thousands(), ""),
        (SquareRoot(), "sqrt($1)"),
        (PercentOf(), "% * "),
        (new("""(?<=[\d)])\s*(?:\bplus\b)\s*(?=[\d(\-])""", RegexOptions.IgnoreCase), " + "),
        (new("""(?<=[\d)])\s*(?:\bminus\b|−|–)\s*(?=[\d(\-])""", RegexOptions.IgnoreCase), " - "),
        (new("""(?<=[\d)])\s*(?:\btimes\b|\bmultiplied by\b|x|×|·)\s*(?=[\d(\-])""", RegexOptions.IgnoreCase), " * "),
        (new("""(?<=[\d)])\s*(?:\bdivided by\b|\bover\b|÷)\s*(?=[\d(\-])""", RegexOptions.IgnoreCase), " / "),
        (new("""(?<=[\d)])\s*(?:\bto the power of\b|\*\*)\s*(?=[\d(\-])""", RegexOptions.IgnoreCase), " ^ "),
        (new("""(?<=[\d)])\s*(?:\bmod(?:ulo)?\b)\s*(?=[\d(\-])""", RegexOptions.IgnoreCase), " % "),
        (new("""(?<=[\d)])\s+squared\b""", RegexOptions.IgnoreCase), "^2"),
        (new("""(?<=[\d)])\s+cubed\b""", RegexOptions.IgnoreCase), "^3"),
    ];

    /// <summary>The longest expression that the text asks for, and its value; null when it asks for none.</summary>
    public static (string Expression, double Value)? Find(string text)
    {
        if (text.Length > 2000)
        {
            return null;
        }

        var symbols = text;
        foreach (var (words, replacement) in Spoken)
        {
            symbols = words.Replace(symbols, replacement);
        }

        (string Expression, double Value)? best = null;
        foreach (Match match in Candidate().Matches(symbols))
        {
            var candidate = match.Value.Trim().TrimEnd('.', ',', '!', '(', '+', '-', '*', '/', '^').Trim();
            if (candidate.Length > (best?.Expression.Length ?? 2)
                && HasOperator(candidate)
                && !Date().IsMatch(candidate)
                && Arithmetic.TryEvaluate(candidate, out var value))
            {
                best = (candidate, value);
            }
        }

        // "Rooms 3-4 are free" holds a difference that nobody asked for.
        return best is { } found && (Asks().IsMatch(text) || found.Expression.Length * 2 >= symbols.Trim().Length) ? best : null;
    }

    private static bool HasOperator(string candidate) =>
        candidate.Any(char.IsAsciiDigit)
        && (candidate.AsSpan(1).ContainsAny(Operators) || candidate.Contains('(', StringComparison.Ordinal));

    [GeneratedRegex(@"(?<=\d),(?=\d{3}\b)")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"\b(?:the )?square root of\s+(\d+(?:\.\d+)?)", RegexOptions.IgnoreCase)]
    private static partial Regex SquareRoot();

    [GeneratedRegex(@"(?<=\d)\s*(?:%|percent)\s+of\s+(?=[\d(])", RegexOptions.IgnoreCase)]
    private static partial Regex PercentOf();

    [GeneratedRegex(@"(?:\b(?:sqrt|abs|round|floor|ceil|sin|cos|tan|ln|log|exp)\s*(?=\()|\d+(?:\.\d+)?|\.\d+|\bpi\b|[-+*/^%()!]|[ \t])+")]
    private static partial Regex Candidate();

    [GeneratedRegex(@"^\d{1,4}([-/])\d{1,2}\1\d{1,4}$")]
    private static partial Regex Date();

    [GeneratedRegex(
        @"\b(?:what(?:'s|’s| is| are)?|how much|calculate|compute|evaluate|solve|work out|result of|sum|add|equals?"
        + @"|math)\b|=",
        RegexOptions.IgnoreCase)]
    private static partial Regex Asks();
}
