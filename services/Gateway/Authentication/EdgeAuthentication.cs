using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Gateway.Authentication;

/// <summary>
/// Finds out who is calling, and refuses everyone else except on the <see cref="AnonymousEndpoints"/>. A lean middleware in the
/// proxy's pipeline instead of ASP.NET Core's authentication: one lookup per request when warm, no claims principal.
/// </summary>
internal sealed class EdgeAuthentication(IEnumerable<IBearerAuthenticator> authenticators)
{
    private readonly IBearerAuthenticator[] _authenticators = [.. authenticators];

    /// <summary>The caller, or the error to refuse the request with; neither for an anonymous endpoint.</summary>
    public ValueTask<(Caller? Caller, ApiError? Error)> AuthenticateAsync(HttpContext context)
    {
        if (AnonymousEndpoints.Contain(context.Request))
        {
            return default;
        }

        var (found, error) = Credentials.Read(context.Request.Headers);
        if (error is not null)
        {
            return new((null, error));
        }

        return found switch
        {
            { Bearer: { } bearer, ApiKey: null } => CheckAsync(bearer, context.RequestAborted),
            { Bearer: null, ApiKey: { } key } => CheckKeyAsync(key, context.RequestAborted),
            { Bearer: { } bearer, ApiKey: { } key } => CheckBothAsync(bearer, key, context.RequestAborted),
            _ => new((null, ApiError.Unauthorized(
                "Send an API key or an access token as 'Authorization: Bearer …'.",
                ErrorCodes.MissingCredentials))),
        };
    }

    /// <summary>Both must be good and speak for the same user; the key, which reaches less far, is what counts.</summary>
    private async ValueTask<(Caller? Caller, ApiError? Error)> CheckBothAsync(string bearer, string key, CancellationToken ct)
    {
        var first = await CheckAsync(bearer, ct);
        var second = await CheckKeyAsync(key, ct);
        return (first.Error ?? second.Error) is { } error
            ? (null, error)
            : first.Caller!.UserId == second.Caller!.UserId
                ? second
                : (null, ApiError.Unauthorized("The Authorization header and the API key speak for different users. Send one of them."));
    }

    private ValueTask<(Caller? Caller, ApiError? Error)> CheckKeyAsync(string key, CancellationToken ct) =>
        key.StartsWith("sk_", StringComparison.Ordinal) || key.StartsWith("sk-", StringComparison.Ordinal)
            ? CheckAsync(key, ct)
            : new((null, ApiError.Unauthorized("An API key begins with 'sk_'.")));

    private async ValueTask<(Caller? Caller, ApiError? Error)> CheckAsync(string credential, CancellationToken ct)
    {
        foreach (var authenticator in _authenticators)
        {
            var (caller, error) = await authenticator.AuthenticateAsync(credential, ct);
            if (caller is not null || error is not null)
            {
                return (caller, error);
            }
        }

        return (null, ApiError.Unauthorized("The credential is neither an API key nor an access token."));
    }
}
