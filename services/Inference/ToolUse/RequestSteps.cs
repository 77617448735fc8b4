using System.Globalization;
using System.Text.RegularExpressions;

namespace JanServer.Inference.ToolUse;

/// <summary>
/// Cuts a request into what comes one after the other ("…, then …") and, within that, into what may happen at once
/// ("… and …"). Quotations, code and links are never cut.
/// </summary>
internal static partial class RequestSteps
{
    private const int MaxLength = 8000;
    private const int MaxClauses = 32;

    public static IReadOnlyList<IReadOnlyList<string>> Of(string request)
    {
        if (request.Length > MaxLength)
        {
            return [[request]];
        }

        var kept = new List<string>();
        var masked = Uncuttable().Replace(request, match =>
        {
            kept.Add(match.Value);
            return string.Create(CultureInfo.InvariantCulture, $"\u0001{kept.Count - 1}\u0002");
        });
        return
        [
            .. Then().Split(masked)
                .Select(step => And().Split(step)
                    .Select(clause => Restore(clause, kept))
                    .Where(clause => clause.Length > 0)
                    .Take(MaxClauses)
                    .ToArray())
                .Where(clauses => clauses.Length > 0)
                .Take(MaxClauses),
        ];
    }

    private static string Restore(string clause, List<string> kept) =>
        Mask().Replace(clause, match => kept[int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)])
            .Trim()
            .TrimEnd(',', ';')
            .Trim();

    [GeneratedRegex("```.*?```|`[^`\\n]+`|\"[^\"\\n]+\"|“[^”\\n]+”|https?://\\S+", RegexOptions.Singleline)]
    private static partial Regex Uncuttable();

    [GeneratedRegex(
        @"[,;.]?\s+(?:and\s+)?(?:then|after that|afterwards|finally),?\s+(?:also\s+)?|\s*(?:->|→|⇒)\s*|\s*\n\s*(?:\d+[.)]"
        + @"|[-*])\s+",
        RegexOptions.IgnoreCase)]
    private static partial Regex Then();

    [GeneratedRegex(@",?\s+and\s+(?:also\s+)?|;\s+|,\s+(?:also\s+|plus\s+)?|(?<=[.!?])\s+", RegexOptions.IgnoreCase)]
    private static partial Regex And();

    [GeneratedRegex("\u0001(\\d+)\u0002")]
    private static partial Regex Mask();
}
