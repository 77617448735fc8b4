using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>Why a request is not authenticated, kept for the challenge so that the answer says what to do about it.</summary>
public static class AuthenticationFailure
{
    private static readonly object Key = new();

    /// <summary>Remembers why authentication failed.</summary>
    public static void Set(HttpContext context, ApiError error)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[Key] = error;
    }

    /// <summary>The remembered reason, or the one for a request without a credential.</summary>
    public static ApiError Get(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items[Key] as ApiError ?? ApiError.Unauthorized(
            "Send an API key or an access token as 'Authorization: Bearer …'.",
            ErrorCodes.MissingCredentials);
    }
}
