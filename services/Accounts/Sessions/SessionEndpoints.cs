using JanServer.Accounts.IdentityProvider;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.Accounts.Sessions;

/// <summary>Guests, tokens and logout: open to everyone, because who calls them has no good access token (any more).</summary>
internal static partial class SessionEndpoints
{
    private const int MaxBodyBytes = 64 * 1024;

    // A body of another type is not read, but it is no reason to refuse the cookie beside it.
    private const string AnyType = "*/*";

    public static void MapSessions(this IEndpointRouteBuilder auth)
    {
        var sessions = auth.MapGroup("").WithTags("Auth").AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));

        sessions.MapPost("/guest-login", LogGuestInAsync)
            .WithName("guestLogin")
            .WithSummary("Makes a guest and signs it in. A body is not read.");

        sessions.MapPost("/refresh-token", RefreshAsync)
            .WithName("refreshToken")
            .WithSummary("Trades a refresh token (body, else cookie refresh_token, else Authorization) for new tokens.")
            .Accepts<RefreshTokenBody>(isOptional: true, "application/json", AnyType);

        // Two methods, two operations: an operation id names one of them.
        sessions.MapGet("/logout", LogOutAsync)
            .WithName("logoutByLink")
            .WithSummary("Ends the session of a refresh token (cookie, else body, else Authorization) and expires the cookie.");

        sessions.MapPost("/logout", LogOutAsync)
            .WithName("logout")
            .WithSummary("Ends the session of a refresh token (cookie, else body, else Authorization) and expires the cookie.")
            .Accepts<RefreshTokenBody>(isOptional: true, "application/json", AnyType);

        sessions.MapPost("/validate", ValidateAsync)
            .WithName("validateToken")
            .WithSummary("What the identity provider says about the user of the access token in Authorization; 401 when it is not valid.");

        sessions.MapPost("/revoke", RevokeAsync)
            .WithName("revokeToken")
            .WithSummary("Revokes a refresh token.")
            .Accepts<RefreshTokenBody>("application/json");
    }

    private static async Task<Results<JsonHttpResult<GuestSession>, ApiError>> LogGuestInAsync(
        HttpContext context, GuestThrottle throttle, GuestLogin guests, CancellationToken ct)
    {
        if (await throttle.CountAsync(GatewayHeaders.ClientAddress(context), ct) is { } tooMany)
        {
            return tooMany;
        }

        DoNotStore(context);
        return TypedResults.Json(await guests.RunAsync(ct), AccountsApiJson.Default.GuestSession, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<Results<Ok<RefreshedTokens>, ApiError>> RefreshAsync(
        HttpContext context, KeycloakClient keycloak, TimeProvider clock, CancellationToken ct)
    {
        var sent = await RefreshTokens.FromBodyAsync(context.Request, ct);
        var cookie = sent is null ? RefreshTokens.FromCookie(context.Request) : null;
        if ((sent ?? cookie ?? RefreshTokens.FromAuthorization(context.Request)) is not { } token)
        {
            return ApiError.Missing("refresh_token");
        }

        if (await keycloak.RefreshAsync(token, ct) is not { } tokens)
        {
            return ApiError.Unauthorized("The refresh token is unknown, expired, revoked or used already. Sign in again.");
        }

        if (cookie is not null && tokens.RefreshToken is not null)
        {
            RefreshTokens.SetCookie(context, tokens.RefreshToken);
        }

        DoNotStore(context);
        var expiresAt = clock.GetUtcNow().AddSeconds(tokens.ExpiresIn);
        return TypedResults.Ok(new RefreshedTokens(tokens.AccessToken, tokens.RefreshToken, "Bearer", tokens.ExpiresIn, expiresAt));
    }

    private static async Task<Ok<LoggedOut>> LogOutAsync(
        HttpContext context, KeycloakClient keycloak, ILogger<KeycloakClient> logger, CancellationToken ct)
    {
        var request = context.Request;
        var refreshToken = RefreshTokens.FromCookie(request) ?? await RefreshTokens.FromBodyAsync(request, ct);
        var bearer = refreshToken is null ? RefreshTokens.FromAuthorization(request) : null;
        RefreshTokens.ExpireCookie(context);
        try
        {
            if (refreshToken is not null)
            {
                await keycloak.LogOutAsync(refreshToken, ct);
            }
            else if (bearer is not null && !await keycloak.LogOutAsync(bearer, ct))
            {
                // A bearer may be an access token, which ends no session but can be revoked.
                await keycloak.RevokeAsync(bearer, ct);
            }
        }
        catch (IdentityProviderException e)
        {
            // The client forgets its tokens either way; telling it to keep them would help nobody.
            Log.SessionNotEnded(logger, e);
        }

        return TypedResults.Ok(new LoggedOut("logged out"));
    }

    private static async Task<Results<Ok<ValidToken>, ApiError>> ValidateAsync(
        HttpContext context, KeycloakClient keycloak, CancellationToken ct)
    {
        if (RefreshTokens.FromAuthorization(context.Request) is not { } token)
        {
            return ApiError.Unauthorized("Send the access token as 'Authorization: Bearer …'.", ErrorCodes.MissingCredentials);
        }

        return await keycloak.FindUserInfoAsync(token, ct) is { } userInfo
            ? TypedResults.Ok(new ValidToken(true, userInfo))
            : ApiError.Unauthorized("The access token is not valid (any more).");
    }

    private static async Task<Results<Ok<Revoked>, ApiError>> RevokeAsync(
        HttpContext context, KeycloakClient keycloak, CancellationToken ct)
    {
        if (await RefreshTokens.FromBodyAsync(context.Request, ct) is not { } token)
        {
            return ApiError.Missing("refresh_token");
        }

        return await keycloak.RevokeAsync(token, ct)
            ? TypedResults.Ok(new Revoked("The token is revoked."))
            : ApiError.Invalid("refresh_token", "The identity provider does not revoke this token.");
    }

    private static void DoNotStore(HttpContext context) => context.Response.Headers.CacheControl = "no-store";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A session could not be ended at the identity provider")]
        public static partial void SessionNotEnded(ILogger logger, Exception exception);
    }
}
