namespace JanServer.Identity.Clients;

/// <summary>
/// Compares redirect addresses: character by character (RFC 9700 section 2.1), except that a registered loopback address may end in
/// <c>*</c>, as Keycloak's development clients do.
/// </summary>
internal static class RedirectUris
{
    public static bool IsAcceptablePattern(string pattern)
    {
        var wildcard = pattern.EndsWith('*');
        var address = wildcard ? pattern[..^1] : pattern;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && !address.Contains('*', StringComparison.Ordinal)
            && uri.Fragment.Length == 0
            && (!wildcard || (IsLoopbackHttp(uri) && address.Length > uri.GetLeftPart(UriPartial.Authority).Length));
    }

    public static bool Matches(IEnumerable<string> registered, string uri) =>
        IsAbsoluteWithoutFragment(uri) && registered.Any(pattern => Matches(pattern, uri));

    /// <summary>The distinct origins that the addresses of <paramref name="patterns"/> have.</summary>
    public static IEnumerable<string> Origins(IEnumerable<string> patterns) =>
        patterns
            .Select(pattern => Uri.TryCreate(pattern.TrimEnd('*'), UriKind.Absolute, out var uri) ? uri : null)
            .OfType<Uri>()
            .Where(uri => uri.Scheme is "http" or "https")
            .Select(uri => uri.GetLeftPart(UriPartial.Authority))
            .Distinct(StringComparer.Ordinal);

    private static bool Matches(string pattern, string uri)
    {
        if (!pattern.EndsWith('*'))
        {
            return string.Equals(pattern, uri, StringComparison.Ordinal);
        }

        // The prefix holds the whole authority and its slash, so the rest cannot change the host; a dot segment could still leave the path.
        return uri.StartsWith(pattern[..^1], StringComparison.Ordinal)
            && !uri.Contains("/..", StringComparison.Ordinal)
            && !uri.Contains('\\', StringComparison.Ordinal)
            && !uri.Contains("%2e", StringComparison.OrdinalIgnoreCase)
            && new Uri(uri).UserInfo.Length == 0;
    }

    private static bool IsAbsoluteWithoutFragment(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
        && uri.All(c => c is > ' ' and <= '~')
        && !uri.Contains('#', StringComparison.Ordinal)
        && parsed.Scheme is not ("javascript" or "data" or "vbscript");

    private static bool IsLoopbackHttp(Uri uri) => uri.IsLoopback && uri.Scheme is ("http" or "https");
}
