using JanServer.ServiceDefaults.Auth;

namespace JanServer.Gateway.Authentication;

/// <summary>Replaces the client's credential by what services believe: a signed caller token and where the request came from.</summary>
internal static class IdentityHeaders
{
    /// <summary>For an authenticated request: services see the caller token and never the credential.</summary>
    public static void ForCaller(HttpContext context, string callerToken)
    {
        var headers = context.Request.Headers;
        headers.Remove("Authorization");
        Set(context, callerToken);
    }

    /// <summary>For an anonymous endpoint: the gateway vouches for the client's address, and some read the bearer.</summary>
    public static void ForAnonymous(HttpContext context, string gatewayToken)
    {
        if (!AnonymousEndpoints.ReadingTheBearer.Contains(context.Request.Path.Value!))
        {
            context.Request.Headers.Remove("Authorization");
        }

        Set(context, gatewayToken);
    }

    private static void Set(HttpContext context, string token)
    {
        var request = context.Request;
        var headers = request.Headers;
        foreach (var name in CredentialHeaders.ApiKey)
        {
            headers.Remove(name);
        }

        // The refresh token lives in a cookie, and only accounts has a use for it.
        if (headers.ContainsKey("Cookie") && !request.Path.StartsWithSegments("/auth", StringComparison.OrdinalIgnoreCase))
        {
            KeepSignInCookie(request);
        }

        headers[CallerTokens.HeaderName] = token;
        headers["X-Forwarded-For"] = Addresses.ClientPeer.Of(context).Address;
        headers["X-Forwarded-Proto"] = request.Scheme;
        headers["X-Forwarded-Host"] = request.Host.Value;
    }

    private static void KeepSignInCookie(HttpRequest request)
    {
        var kept = AnonymousEndpoints.SignIns.Contains(request.Path.Value!) ? request.Cookies[AnonymousEndpoints.SignInCookie] : null;
        request.Headers.Remove("Cookie");
        if (!string.IsNullOrEmpty(kept))
        {
            request.Headers.Cookie = $"{AnonymousEndpoints.SignInCookie}={Uri.EscapeDataString(kept)}";
        }
    }
}
