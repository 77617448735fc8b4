using System.Net;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>One request on the way through redirects.</summary>
internal sealed record RedirectStep(HttpMethod Method, Uri Url, ReadOnlyMemory<byte>? Body)
{
    public static bool IsRedirect(HttpStatusCode status) =>
        (int)status is 301 or 302 or 303 or 307 or 308;

    public static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>The next request, or null when it may not be made.</summary>
    public RedirectStep? To(Uri location, HttpStatusCode status)
    {
        if (!Uri.TryCreate(Url, location, out var next) || (Url.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        // RFC 9110 section 15.4: 307 and 308 repeat the request as it was; after the others it is read with GET.
        if (status is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
        {
            return new(Method == HttpMethod.Head ? HttpMethod.Head : HttpMethod.Get, next, null);
        }

        return Body is null || IsSameOrigin(Url, next) ? this with { Url = next } : null;
    }
}
