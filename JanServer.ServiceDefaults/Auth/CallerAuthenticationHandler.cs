using System.Text.Encodings.Web;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>Authenticates a service's requests. A caller token that does not verify is refused; nothing else is tried then.</summary>
internal sealed class CallerAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    CallerTokens tokens,
    IEnumerable<IBearerAuthenticator> bearers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string BearerPrefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = Request.Headers[CallerTokens.HeaderName].ToString();
        if (token.Length > 0)
        {
            return tokens.TryValidate(token, out var caller)
                ? Success(caller)
                : Fail(ApiError.Unauthorized("The caller token does not verify: the gateway and this service do not share a key, or it expired."));
        }

        var authorization = Request.Headers.Authorization.ToString();
        if (authorization.Length == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (!authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return Fail(ApiError.Unauthorized("The Authorization header must be 'Bearer …'."));
        }

        foreach (var bearer in bearers)
        {
            var (caller, error) = await bearer.AuthenticateAsync(authorization[BearerPrefix.Length..].Trim(), Context.RequestAborted);
            if (caller is not null)
            {
                return Success(caller);
            }

            if (error is not null)
            {
                return Fail(error);
            }
        }

        return Fail(ApiError.Unauthorized("This service takes access tokens only; API keys go to the gateway."));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        ErrorEnvelope.WriteAsync(Context, AuthenticationFailure.Get(Context));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ErrorEnvelope.WriteAsync(Context, ApiError.Forbidden("This credential may not do that: it lacks the role or the scope."));

    private AuthenticateResult Success(Caller caller) =>
        AuthenticateResult.Success(new(CallerIdentity.PrincipalOf(caller), Scheme.Name));

    private AuthenticateResult Fail(ApiError error)
    {
        AuthenticationFailure.Set(Context, error);
        return AuthenticateResult.Fail(error.Code);
    }
}
