using System.Diagnostics.CodeAnalysis;

namespace JanServer.LlmApi.Providers;

/// <summary>Base URLs as administrators write them: with or without <c>/v1</c>, with or without a slash at the end.</summary>
internal static class BaseUrls
{
    /// <summary>
    /// Normalizes a base URL so that <c>chat/completions</c> can be appended. Without a version segment (<c>v1</c>, <c>v1beta</c>) it gets
    /// <c>v1</c>. User information, queries and fragments are refused: a credential belongs into the key.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        if (!Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var given)
            || (given.Scheme != Uri.UriSchemeHttp && given.Scheme != Uri.UriSchemeHttps)
            || given.Host.Length == 0 || given.UserInfo.Length > 0 || given.Query.Length > 0 || given.Fragment.Length > 0)
        {
            return false;
        }

        var path = given.AbsolutePath.TrimEnd('/');
        var hasVersion = path.Split('/').Any(segment => segment is ['v', >= '0' and <= '9', ..]);
        url = new Uri(given, $"{path}{(hasVersion ? "" : "/v1")}/");
        return true;
    }
}
