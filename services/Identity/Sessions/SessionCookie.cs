using JanServer.Identity.Pages;
using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Sessions;

/// <summary>The cookie by which a browser stays signed in (SSO): a random value, of which the session stores the SHA-256.</summary>
internal static class SessionCookie
{
    private const string Name = "JAN_SESSION";

    public static Task<LiveSession?> FindSessionAsync(HttpContext http, Realm realm, SessionStore sessions, CancellationToken ct) =>
        http.Request.Cookies[Name] is { Length: > 0 } value
            ? sessions.FindByCookieAsync(realm.Name, TokenHash.Of(value), ct)
            : Task.FromResult<LiveSession?>(null);

    public static void Write(HttpContext http, Realm realm, string value) =>
        http.Response.Cookies.Append(Name, value, BrowserCookie.Of(realm));

    public static void Delete(HttpContext http, Realm realm) => http.Response.Cookies.Delete(Name, BrowserCookie.Of(realm));
}
