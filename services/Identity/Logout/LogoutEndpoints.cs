using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Logout;

/// <summary>The end of a session.</summary>
internal static class LogoutEndpoints
{
    public static void MapLogout(this IEndpointRouteBuilder realm) => realm.MapPost("/protocol/openid-connect/logout", PostAsync);

    private static async Task<IResult> PostAsync(Realm realm, HttpContext http, BackChannelLogout backChannel, CancellationToken ct)
    {
        var (form, malformed) = await TokenForm.ReadAsync(http.Request, ct);
        if (form is null)
        {
            return malformed!;
        }

        return form["refresh_token"] is { } token
            ? await backChannel.EndAsync(http, realm, form, token, ct)
            : OAuthError.InvalidRequest("No refresh token");
    }
}
