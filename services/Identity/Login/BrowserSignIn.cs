using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Tokens;
using JanServer.Identity.Users;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Login;

/// <summary>Makes the browser's session and answers authorization requests with codes of it.</summary>
internal sealed class BrowserSignIn(SessionStore sessions, CodeStore codes, IOptions<RealmOptions> options, TimeProvider clock)
{
    private const string ByPassword = "1";
    private const string BySession = "0";

    /// <summary>
    /// After the password. A browser has one session: the same user's is renewed, so that a logout ends it for all applications,
    /// somebody else's is ended. The cookie is a new one either way, so one planted beforehand is worth nothing.
    /// </summary>
    public async Task<IResult> CompleteAsync(HttpContext http, Realm realm, AuthorizationRequest request, User user, CancellationToken ct)
    {
        var cookie = Base64UrlText.Random();
        var hash = TokenHash.Of(cookie);
        var former = await SessionCookie.FindSessionAsync(http, realm, sessions, ct);
        Guid session;
        if (former is not null && former.User.Id == user.Id && await sessions.RenewAsync(former.Session.Id, hash, ct))
        {
            session = former.Session.Id;
        }
        else
        {
            if (former is not null)
            {
                await sessions.RemoveAsync(realm.Name, former.Session.Id, ct);
            }

            session = (await sessions.AddAsync(user, hash, ct)).Id;
        }

        SessionCookie.Write(http, realm, cookie);
        return await AnswerAsync(request, session, ByPassword, ct);
    }

    /// <summary>The answer without a question, or null when the user has to be asked.</summary>
    public async Task<IResult?> TryContinueAsync(HttpContext http, Realm realm, AuthorizationRequest request, CancellationToken ct)
    {
        var live = request.Prompts.DemandAsking ? null : await SessionCookie.FindSessionAsync(http, realm, sessions, ct);
        if (live is null || live.User.RequiredActions.Count > 0 || IsTooOld(live.Session, request.MaxAge))
        {
            return null;
        }

        return await sessions.TouchAsync(live.Session.Id, ct) ? await AnswerAsync(request, live.Session.Id, BySession, ct) : null;
    }

    private bool IsTooOld(Session session, int? maxAge) =>
        maxAge is { } age && clock.GetUtcNow() - session.AuthenticatedAt >= TimeSpan.FromSeconds(age);

    private async Task<IResult> AnswerAsync(AuthorizationRequest request, Guid session, string acr, CancellationToken ct)
    {
        var code = Base64UrlText.Random();
        var now = clock.GetUtcNow();
        await codes.AddAsync(
            new AuthorizationCode
            {
                CodeHash = TokenHash.Of(code),
                SessionId = session,
                ClientId = request.Client.Id,
                RedirectUri = request.Return.RedirectUri,
                CodeChallenge = request.CodeChallenge,
                Nonce = request.Nonce,
                Scope = request.Scope,
                Acr = acr,
                CreatedAt = now,
                ExpiresAt = now.AddSeconds(options.Value.Tokens.CodeSeconds),
            },
            ct);
        return request.Return.WithCode(code);
    }
}
