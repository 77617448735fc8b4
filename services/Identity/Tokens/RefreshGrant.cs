using JanServer.Identity.Clients;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Tokens;

/// <summary>
/// refresh_token with rotation. Using a rotated token ends its session (RFC 9700 section 4.14.2), unless it was rotated within the
/// grace and no successor has been used: then it is the same client asking twice, in two tabs or after a lost answer.
/// </summary>
internal sealed partial class RefreshGrant(
    IdentityDbContext db,
    RefreshTokenStore tokens,
    SessionStore sessions,
    TokenIssuer issuer,
    FailureThrottle throttle,
    IOptions<RealmOptions> options,
    TimeProvider clock,
    ILogger<RefreshGrant> logger)
{
    public async Task<IResult> RedeemAsync(HttpContext http, Realm realm, Client client, TokenForm form, CancellationToken ct)
    {
        if (form["refresh_token"] is not { } text)
        {
            return OAuthError.InvalidRequest("No refresh token");
        }

        var token = await tokens.FindAsync(TokenHash.Of(text), ct);
        if (token is null || token.ClientId != client.Id)
        {
            throttle.Count(http);
            return OAuthError.InvalidGrant("Invalid refresh token");
        }

        if (token.ExpiresAt <= clock.GetUtcNow())
        {
            return OAuthError.InvalidGrant("Token is not active");
        }

        if (form["scope"] is { } asked && !IsWithin(asked, token.Scope))
        {
            return OAuthError.InvalidScope(asked);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        // The session's row is locked from here on: concurrent refreshes of one session take turns.
        if (!await sessions.TouchAsync(token.SessionId, ct) || await sessions.FindAsync(realm.Name, token.SessionId, ct) is not { } live)
        {
            return OAuthError.InvalidGrant("Session not active");
        }

        var now = clock.GetUtcNow();
        if (!await tokens.RotateAsync(token.Id, now, ct) && await IsReuseAsync(token.Id, now, ct))
        {
            await sessions.RemoveAsync(realm.Name, token.SessionId, ct);
            await transaction.CommitAsync(ct);
            Log.Reused(logger, token.SessionId, client.Id);
            return OAuthError.InvalidGrant("Maximum allowed refresh token reuse exceeded");
        }

        var response = await issuer.IssueAsync(new TokenGrant(realm, client, live, token.Scope) { ParentId = token.Id }, ct);
        await transaction.CommitAsync(ct);
        return TokenEndpoints.Answer(response);
    }

    private async Task<bool> IsReuseAsync(Guid id, DateTimeOffset now, CancellationToken ct) =>
        await tokens.FindRotatedAtAsync(id, ct) is not { } rotatedAt
        || now - rotatedAt > TimeSpan.FromSeconds(options.Value.Tokens.RefreshGraceSeconds)
        || await tokens.HasUsedSuccessorAsync(id, ct);

    private static bool IsWithin(string asked, string granted) =>
        Scope.Grant(asked)?.Split(' ').All(granted.Split(' ').Contains) == true;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A rotated refresh token of session {Session} was used again by client {Client}; the session is ended")]
        public static partial void Reused(ILogger logger, Guid session, string client);
    }
}
