using JanServer.Identity.Clients;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Login;

/// <summary>
/// authorization_code. A code that comes a second time was stolen once: the session that it was made for ends, and with it every
/// token issued from the code (RFC 6749 section 4.1.2).
/// </summary>
internal sealed partial class CodeGrant(
    IdentityDbContext db,
    CodeStore codes,
    SessionStore sessions,
    TokenIssuer issuer,
    FailureThrottle throttle,
    TimeProvider clock,
    ILogger<CodeGrant> logger)
{
    public async Task<IResult> RedeemAsync(HttpContext http, Realm realm, Client client, TokenForm form, CancellationToken ct)
    {
        if (!client.Settings.StandardFlow)
        {
            return OAuthError.UnauthorizedClient("Client not allowed for the standard flow");
        }

        if (form["code"] is not { } text)
        {
            return OAuthError.InvalidRequest("Missing parameter: code");
        }

        var hash = TokenHash.Of(text);
        if (await codes.FindAsync(hash, ct) is not { } code)
        {
            throttle.Count(http);
            return OAuthError.InvalidGrant("Code not valid");
        }

        if (Mismatch(code, client, form) is { } mismatch)
        {
            return OAuthError.InvalidGrant(mismatch);
        }

        // One of several that come at once redeems the code; the others wait here, and then end what it was given. The session is locked
        // before the code, as by a removal that takes its codes with it; the other way round the two deadlock.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        if (!await sessions.TouchAsync(code.SessionId, ct))
        {
            return OAuthError.InvalidGrant("Session not active");
        }

        if (!await codes.RedeemAsync(hash, now, ct))
        {
            await sessions.RemoveAsync(realm.Name, code.SessionId, ct);
            await transaction.CommitAsync(ct);
            Log.Reused(logger, code.SessionId, client.Id);
            return OAuthError.InvalidGrant("Code not valid");
        }

        if (code.ExpiresAt <= now)
        {
            return OAuthError.InvalidGrant("Code is expired");
        }

        if (await sessions.FindAsync(realm.Name, code.SessionId, ct) is not { } live)
        {
            return OAuthError.InvalidGrant("Session not active");
        }

        var grant = new TokenGrant(realm, client, live, code.Scope) { Nonce = code.Nonce, Acr = code.Acr };
        var response = await issuer.IssueAsync(grant, ct);
        await transaction.CommitAsync(ct);
        return TokenEndpoints.Answer(response);
    }

    private static string? Mismatch(AuthorizationCode code, Client client, TokenForm form)
    {
        if (code.ClientId != client.Id)
        {
            return "Auth code was not issued for this client";
        }

        if (!string.Equals(code.RedirectUri, form["redirect_uri"], StringComparison.Ordinal))
        {
            return "Incorrect redirect_uri";
        }

        return (code.CodeChallenge, form["code_verifier"]) switch
        {
            (null, null) => null,
            (null, _) => "PKCE code verifier specified but challenge not present in the authorization request",
            (_, null) => "PKCE code verifier not specified",
            var (challenge, verifier) => Pkce.Matches(challenge, verifier) ? null : "PKCE verification failed: Code mismatch",
        };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A code of session {Session} was sent again by client {Client}; the session is ended")]
        public static partial void Reused(ILogger logger, Guid session, string client);
    }
}
