using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JanServer.Identity.Keys;
using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Pages;

/// <summary>
/// Proves that a form came from a page of ours in the same browser, against cross-site request forgery: a MAC over the browser's random
/// cookie, the time and what the form is for. Nothing is stored, and any replica can check it.
/// </summary>
internal sealed class FormTokens(KeyProtection protection, TimeProvider clock)
{
    /// <summary>The hidden field.</summary>
    public const string Field = "form_token";

    private const string Cookie = "JAN_FORM";
    private const int CookieLength = 43;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly byte[] _key = protection.Derive("form tokens v1");

    /// <summary>The hidden field for a form that does <paramref name="purpose"/>; gives the browser its cookie if it has none.</summary>
    public Html Issue(HttpContext http, Realm realm, string purpose)
    {
        var browser = http.Request.Cookies[Cookie];
        if (browser is not { Length: CookieLength })
        {
            browser = Base64UrlText.Random();
            http.Response.Cookies.Append(Cookie, browser, BrowserCookie.Of(realm));
        }

        var expires = clock.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return HtmlPage.Hidden(Field, $"{expires}.{Mac(browser, expires, purpose)}");
    }

    public bool IsValid(HttpContext http, string? token, string purpose)
    {
        if (http.Request.Cookies[Cookie] is not { Length: CookieLength } browser || token?.Split('.') is not [var expires, var mac])
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(mac), Encoding.UTF8.GetBytes(Mac(browser, expires, purpose)))
            && long.Parse(expires, CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds();
    }

    private string Mac(string browser, string expires, string purpose) =>
        Base64UrlText.Encode(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{browser}\n{expires}\n{purpose}")));
}
