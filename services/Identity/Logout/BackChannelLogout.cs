using JanServer.Identity.Clients;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Logout;

/// <summary>
/// Keycloak's logout by refresh token: whoever holds any refresh token of a session may end it, no cookie counts, so no foreign page
/// can bring it about.
/// </summary>
internal sealed class BackChannelLogout(
    ClientAuthentication clients, FailureThrottle throttle, RefreshTokenStore refreshTokens, SessionStore sessions)
{
    public async Task<IResult> EndAsync(HttpContext http, Realm realm, TokenForm form, string refreshToken, CancellationToken ct)
    {
        var (client, refused) = clients.Authenticate(http, realm, form);
        if (client is null)
        {
            return refused!;
        }

        var token = await refreshTokens.FindAsync(TokenHash.Of(refreshToken), ct);
        if (token is null || token.ClientId != client.Id)
        {
            throttle.Count(http);
            return OAuthError.InvalidGrant("Invalid refresh token");
        }

        await sessions.RemoveAsync(realm.Name, token.SessionId, ct);
        return TypedResults.NoContent();
    }
}
