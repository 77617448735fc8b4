using System.Globalization;

namespace JanServer.McpTools.Search;

/// <summary>Lists of domains as people write them: with schemes, paths, comments.</summary>
internal static class DomainList
{
    private const string Www = "www.";

    private static readonly IdnMapping Idn = new();

    /// <summary>Plain lower-case domains, each once, in order; what is no domain is left out.</summary>
    public static IReadOnlyList<string> Clean(IEnumerable<string> domains) =>
        [.. domains.Select(Clean).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Whether the URL's host is one of the domains or below one of them.</summary>
    public static bool Covers(IReadOnlyList<string> domains, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return false;
        }

        var host = uri.IdnHost.TrimEnd('.');
        return domains.Any(domain => host.Equals(domain, StringComparison.OrdinalIgnoreCase)
            || (host.Length > domain.Length && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && host[^(domain.Length + 1)] == '.'));
    }

    private static string? Clean(string entry)
    {
        var text = entry.Split('#')[0].Trim().ToLowerInvariant();
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        text = scheme < 0 ? text : text[(scheme + 3)..];
        text = text.Split('/', '?', ':')[0];
        text = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        text = text.StartsWith(Www, StringComparison.Ordinal) ? text[Www.Length..] : text;
        text = ToAscii(text.Trim('.'));
        return text.Length > 0 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-') ? text : null;
    }

    private static string ToAscii(string text)
    {
        try
        {
            return text.All(char.IsAscii) ? text : Idn.GetAscii(text);
        }
        catch (ArgumentException)
        {
            return "";
        }
    }
}
