using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace JanServer.Inference.Filling;

/// <summary>Makes the string for a field: from the evidence where the schema allows it, else a placeholder of the right form.</summary>
internal static class Strings
{
    private const int MaxPadding = 10_000;

    private static readonly string[] Forms =
    [
        "a", "A", "abc", "ABC", "Abc", "1", "12", "123", "1234", "12345", "A1", "ABC-123", "AB12", "abc-123", "2026-01-01", "12:00",
        "#000000", "+12025550100", "555-0100", "US", "USD", "en-US", "1.0.0", "a@example.com",
    ];

    public static string Placeholder(FieldName field) => field.IsText || field.Text.Length == 0 ? "text" : "unknown";

    /// <summary>Returns null when no string that this can make satisfies the schema.</summary>
    public static string? Make(JsonElement schema, FieldName field, Evidence evidence)
    {
        var format = SchemaKeywords.Text(schema, "format");
        var pattern = SchemaKeywords.Text(schema, "pattern");
        var min = SchemaKeywords.Count(schema, "minLength") ?? 0;
        var max = SchemaKeywords.Count(schema, "maxLength") ?? int.MaxValue;
        string?[] candidates =
        [
            evidence.Text(field, format),
            SchemaKeywords.Text(schema, "default"),
            FormatPlaceholder(format, field),
            Placeholder(field),
        ];
        if (pattern is not null)
        {
            return candidates.OfType<string>().Concat(Forms)
                .FirstOrDefault(text => Matches(text, pattern) && text.Length >= min && text.Length <= max);
        }

        var chosen = candidates.OfType<string>().First(text => IsOfFormat(text, format));
        if (min > MaxPadding)
        {
            return null;
        }

        chosen = chosen.Length > max ? chosen[..max] : chosen;
        return chosen.PadRight(min, '.');
    }

    private static string? FormatPlaceholder(string? format, FieldName field) => format switch
    {
        "date" => "2026-01-01",
        "date-time" => "2026-01-01T00:00:00Z",
        "time" => "00:00:00Z",
        "duration" => "P1D",
        "email" => "someone@example.com",
        "uri" or "url" => "https://example.com/",
        "uuid" => "00000000-0000-0000-0000-000000000000",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        _ => field.IsUrl ? "https://example.com/" : field.IsEmail ? "someone@example.com" : null,
    };

    private static bool IsOfFormat(string text, string? format) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
        "date-time" => text.Length >= 19 && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "time" => text.Length >= 8 && TimeOnly.TryParse(text.TrimEnd('Z'), CultureInfo.InvariantCulture, out _),
        "duration" => text.StartsWith('P'),
        "email" => text.Contains('@', StringComparison.Ordinal),
        "uri" or "url" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "hostname" => Uri.CheckHostName(text) == UriHostNameType.Dns,
        "ipv4" => Uri.CheckHostName(text) == UriHostNameType.IPv4,
        "ipv6" => Uri.CheckHostName(text) == UriHostNameType.IPv6,
        _ => true,
    };

    /// <summary>
    /// The pattern comes from the client: it is matched without backtracking, and one that needs it counts as not matched.
    /// </summary>
    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
