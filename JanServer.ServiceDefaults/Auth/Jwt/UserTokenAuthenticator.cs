using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth.Principals;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>Recognizes users' access tokens. What they say is checked here; whose they are is accounts' to know.</summary>
internal sealed class UserTokenAuthenticator(JwtValidator validator, IPrincipalSource principals, CredentialCache cache)
    : IBearerAuthenticator
{
    public async ValueTask<(Caller? Caller, ApiError? Error)> AuthenticateAsync(string credential, CancellationToken ct)
    {
        if (!JwtValidator.IsJwt(credential))
        {
            return default;
        }

        var check = await cache.GetAsync(CredentialKey.Of(credential), deadline => CheckAsync(credential, deadline), ct);
        return (check.Caller, check.Error);
    }

    private async Task<CredentialCheck> CheckAsync(string token, CancellationToken ct)
    {
        var result = await validator.ValidateAsync(token, ct);
        if (!result.IsValid)
        {
            return new(null, ErrorFor(result.Failure));
        }

        var claims = result.Claims;
        var subject = new ResolvePrincipal(
            claims.Issuer,
            claims.Subject,
            claims.Username,
            claims.Email,
            claims.EmailVerified,
            claims.Name,
            claims.Roles,
            claims.IssuedAt,
            claims.FeatureFlags);
        return await principals.ResolveAsync(subject, ct) is { } principal
            ? new(Caller.From(principal, AuthMethod.Jwt), null, claims.ExpiresAt)
            : new(null, ApiError.Unauthorized("This account is disabled."));
    }

    private static ApiError ErrorFor(JwtFailure failure) => failure switch
    {
        JwtFailure.KeysUnavailable => ApiError.Unavailable(
            "Access tokens cannot be checked: the identity provider does not answer. Try again.",
            TimeSpan.FromSeconds(2)),
        JwtFailure.Expired => ApiError.Unauthorized("The access token has expired. Get a new one with the refresh token."),
        JwtFailure.NotYetValid => ApiError.Unauthorized("The access token is not valid yet: the issuer's clock is ahead of this server's."),
        JwtFailure.WrongIssuer => ApiError.Unauthorized("The access token is of an issuer that this server does not trust."),
        JwtFailure.WrongAudience => ApiError.Unauthorized("The access token is meant for another audience."),
        JwtFailure.WrongType => ApiError.Unauthorized("This is not an access token, but a token of another kind."),
        _ => ApiError.Unauthorized("The access token does not verify."),
    };
}
