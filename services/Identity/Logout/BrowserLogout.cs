using JanServer.Identity.Clients;
using JanServer.Identity.Pages;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Logout;

/// <summary>
/// OpenID Connect RP-Initiated Logout 1.0. An ID token of the browser's own session proves that the application asks; anybody else
/// could have sent the browser here, so then the user is asked.
/// </summary>
internal sealed class BrowserLogout(ClientCatalog clients, TokenVerifier verifier, SessionStore sessions, FormTokens tokens)
{
    public const string ConfirmPath = "/protocol/openid-connect/logout/logout-confirm";

    public async Task<IResult> StartAsync(HttpContext http, Realm realm, TokenForm form, CancellationToken ct)
    {
        var hint = form["id_token_hint"] is { } text ? await verifier.VerifySignatureAsync(realm, text, ct) : null;
        if (form["id_token_hint"] is not null && (hint is null || !hint.Value.GetProperty("typ").ValueEquals("ID")))
        {
            return Refuse("The ID token that came with the link is not valid (id_token_hint).");
        }

        var hintedClient = hint?.GetProperty("azp").GetString();
        if (hintedClient is not null && form["client_id"] is { } named && named != hintedClient)
        {
            return Refuse("The ID token that came with the link belongs to another application (client_id).");
        }

        var target = LogoutTarget.Of(form, clients.Find(realm, hintedClient ?? form["client_id"]));
        if (target is null)
        {
            return Refuse("The address to return to is not one that the application registered (post_logout_redirect_uri).");
        }

        var current = await SessionCookie.FindSessionAsync(http, realm, sessions, ct);
        var hinted = hint?.GetProperty("sid").GetGuid();
        if (current is not null && current.Session.Id != hinted)
        {
            return ConfirmationPage(http, realm, target, current.Session.Id);
        }

        return await EndAsync(http, realm, target, hinted, ct);
    }

    public async Task<IResult> ConfirmAsync(HttpContext http, Realm realm, TokenForm form, CancellationToken ct)
    {
        if (LogoutTarget.Of(form, clients.Find(realm, form["client_id"])) is not { } target)
        {
            return Refuse("The address to return to is not one that the application registered (post_logout_redirect_uri).");
        }

        if (await SessionCookie.FindSessionAsync(http, realm, sessions, ct) is not { Session.Id: var session })
        {
            return await EndAsync(http, realm, target, session: null, ct);
        }

        return tokens.IsValid(http, form[FormTokens.Field], target.Purpose(session))
            ? await EndAsync(http, realm, target, session, ct)
            : ConfirmationPage(http, realm, target, session);
    }

    public static HtmlPage Refuse(string why) => HtmlPage.Message(StatusCodes.Status400BadRequest, "This sign-out link does not work", why);

    private async Task<IResult> EndAsync(HttpContext http, Realm realm, LogoutTarget target, Guid? session, CancellationToken ct)
    {
        if (session is { } id)
        {
            await sessions.RemoveAsync(realm.Name, id, ct);
        }

        SessionCookie.Delete(http, realm);
        return target.RedirectUri is { } address
            ? Redirection.To(address, fragment: false, ("state", target.State))
            : HtmlPage.Message(StatusCodes.Status200OK, "You are signed out", "You can close this page.");
    }

    private HtmlPage ConfirmationPage(HttpContext http, Realm realm, LogoutTarget target, Guid session) =>
        new(StatusCodes.Status200OK, "Sign out", Html.Of(
            $"""
            <h1>Sign out?</h1>
            <p class="quiet">You will be signed out of all applications that you use in this browser.</p>
            <form method="post" action="{new Uri(realm.Issuer).AbsolutePath + ConfirmPath}">
            {tokens.Issue(http, realm, target.Purpose(session))}
            {Html.Join(target.Fields.Select(field => HtmlPage.Hidden(field.Name, field.Value)))}
            <button type="submit">Sign out</button>
            </form>
            """))
        {
            LeadsTo = target.RedirectUri,
        };
}
