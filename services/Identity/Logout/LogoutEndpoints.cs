using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Logout;

/// <summary>The end of a session.</summary>
internal static class LogoutEndpoints
{
    private const string Path = "/protocol/openid-connect/logout";

    public static void MapLogout(this IEndpointRouteBuilder realm)
    {
        realm.MapGet(Path, GetAsync);
        realm.MapPost(Path, PostAsync);
        realm.MapPost(BrowserLogout.ConfirmPath, ConfirmAsync);
    }

    private static async Task<IResult> GetAsync(Realm realm, HttpContext http, BrowserLogout browser, CancellationToken ct)
    {
        var (form, malformed) = TokenForm.Of(http.Request.Query);
        return form is null ? BrowserLogout.Refuse(malformed!.Description!) : await browser.StartAsync(http, realm, form, ct);
    }

    /// <summary>An application's server sends a refresh token; an application's page posts what it could also have linked to.</summary>
    private static async Task<IResult> PostAsync(
        Realm realm, HttpContext http, BackChannelLogout backChannel, BrowserLogout browser, CancellationToken ct)
    {
        var (form, malformed) = await TokenForm.ReadAsync(http.Request, ct);
        if (form is null)
        {
            return malformed!;
        }

        return form["refresh_token"] is { } token
            ? await backChannel.EndAsync(http, realm, form, token, ct)
            : await browser.StartAsync(http, realm, form, ct);
    }

    private static async Task<IResult> ConfirmAsync(Realm realm, HttpContext http, BrowserLogout browser, CancellationToken ct)
    {
        var (form, malformed) = await TokenForm.ReadAsync(http.Request, ct);
        return form is null ? BrowserLogout.Refuse(malformed!.Description!) : await browser.ConfirmAsync(http, realm, form, ct);
    }
}
