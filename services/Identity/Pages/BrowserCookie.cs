using JanServer.Identity.Realms;

namespace JanServer.Identity.Pages;

/// <summary>How cookies are set: for this realm's paths only, out of reach of scripts, gone with the browser's session.</summary>
internal static class BrowserCookie
{
    public static CookieOptions Of(Realm realm) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        Path = realm.CookiePath,
        SameSite = SameSiteMode.Lax,
        Secure = realm.IsSecure,
    };
}
