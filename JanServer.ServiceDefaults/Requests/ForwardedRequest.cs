using System.Net;
using JanServer.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Http;

namespace JanServer.ServiceDefaults.Requests;

/// <summary>
/// What the gateway says about the client's connection. The headers count only beside a caller token that verifies; anyone else
/// could write them.
/// </summary>
public static class ForwardedRequest
{
    /// <summary>The client's address.</summary>
    public static IPAddress Address(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        // The last entry is the one that the gateway wrote; those before it came with the request.
        return Header(context, "X-Forwarded-For") is { } forwarded && IPAddress.TryParse(forwarded, out var client)
            ? client
            : context.Connection.RemoteIpAddress ?? IPAddress.None;
    }

    /// <summary>The gateway's value of a header; null when it did not write one.</summary>
    public static string? Header(HttpContext context, string header)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Headers.ContainsKey(CallerTokens.HeaderName) && Caller.Of(context) is not null
            && context.Request.Headers[header].ToString() is { Length: > 0 } value
                ? value[(value.LastIndexOf(',') + 1)..].Trim()
                : null;
    }
}
