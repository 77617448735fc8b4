using System.Buffers;
using System.Text.Json;
using JanServer.Identity.Clients;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Identity.Tokens;

/// <summary>What can be done with a token: userinfo, introspection (RFC 7662), revocation (RFC 7009).</summary>
internal static class TokenUseEndpoints
{
    public static void MapTokenUse(this IEndpointRouteBuilder realm)
    {
        realm.MapGet("/protocol/openid-connect/userinfo", GetUserInfoAsync);
        realm.MapPost("/protocol/openid-connect/userinfo", GetUserInfoAsync);
        realm.MapPost("/protocol/openid-connect/token/introspect", IntrospectAsync);
        realm.MapPost("/protocol/openid-connect/revoke", RevokeAsync);
    }

    private static async Task<IResult> GetUserInfoAsync(Realm realm, HttpContext http, TokenVerifier verifier, UserDirectory users, CancellationToken ct)
    {
        if (await verifier.VerifyBearerAsync(http, realm, ct) is not { User: { } user } token)
        {
            return OAuthError.InvalidToken(realm.Name);
        }

        if (!Scope.IncludesOpenId(token.Text("scope") ?? ""))
        {
            return new OAuthError(StatusCodes.Status403Forbidden, "insufficient_scope", "Missing openid scope")
            {
                Challenge = $"Bearer realm=\"{realm.Name}\", error=\"insufficient_scope\", error_description=\"Missing openid scope\"",
            };
        }

        var memberships = await users.MembershipsAsync(user, ct);
        return Json(json =>
        {
            json.WriteString("sub", user.Id);
            AccessTokenClaims.WriteProfile(json, user);
            AccessTokenClaims.WriteMemberships(json, memberships);
        });
    }

    private static async Task<IResult> IntrospectAsync(
        Realm realm, HttpContext http, ClientAuthentication clients, TokenVerifier verifier, RefreshTokenStore refreshTokens, SessionStore sessions,
        TimeProvider clock, CancellationToken ct)
    {
        var (form, client, refused) = await AuthenticateAsync(realm, http, clients, ct);
        if (form is null || client is null)
        {
            return refused!;
        }

        if (client.IsPublic)
        {
            return new OAuthError(StatusCodes.Status403Forbidden, "invalid_request", "Client not allowed.");
        }

        if (form["token"] is not { } text)
        {
            return OAuthError.InvalidRequest("Token not provided.");
        }

        if (await verifier.VerifyAsync(realm, text, ct) is { } access)
        {
            return Json(json =>
            {
                foreach (var claim in access.Claims.EnumerateObject().Where(claim => claim.Name != "client_id"))
                {
                    claim.WriteTo(json);
                }

                json.WriteBoolean("active", true);
                json.WriteString("token_type", "Bearer");
                json.WriteString("client_id", access.Text("azp"));
                json.WriteString("username", access.Text("preferred_username"));
            });
        }

        var refresh = await refreshTokens.FindAsync(TokenHash.Of(text), ct);
        if (refresh is { RotatedAt: null } && refresh.ExpiresAt > clock.GetUtcNow()
            && await sessions.FindAsync(realm.Name, refresh.SessionId, ct) is { } live)
        {
            return Json(json =>
            {
                json.WriteBoolean("active", true);
                json.WriteString("typ", "Refresh");
                json.WriteString("sub", live.User.Id);
                json.WriteString("sid", refresh.SessionId);
                json.WriteString("client_id", refresh.ClientId);
                json.WriteString("username", live.User.Username);
                json.WriteString("scope", refresh.Scope);
                json.WriteNumber("iat", refresh.CreatedAt.ToUnixTimeSeconds());
                json.WriteNumber("exp", refresh.ExpiresAt.ToUnixTimeSeconds());
            });
        }

        return Json(json => json.WriteBoolean("active", false));
    }

    /// <summary>An unknown token, or somebody else's, is 200 too and changes nothing (RFC 7009 section 2.2).</summary>
    private static async Task<IResult> RevokeAsync(
        Realm realm, HttpContext http, ClientAuthentication clients, TokenVerifier verifier, RefreshTokenStore refreshTokens, SessionStore sessions,
        IdentityDbContext db, CancellationToken ct)
    {
        var (form, client, refused) = await AuthenticateAsync(realm, http, clients, ct);
        if (form is null || client is null)
        {
            return refused!;
        }

        if (form["token"] is not { } text)
        {
            return OAuthError.InvalidRequest("Token not provided");
        }

        if (await refreshTokens.FindAsync(TokenHash.Of(text), ct) is { } refresh)
        {
            if (refresh.ClientId == client.Id)
            {
                await sessions.RemoveAsync(realm.Name, refresh.SessionId, ct);
            }
        }
        else if (await verifier.VerifyAsync(realm, text, ct) is { } access && access.Text("azp") == client.Id)
        {
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO revoked_tokens (jti, expires_at) VALUES ({access.Id}, {access.ExpiresAt}) ON CONFLICT DO NOTHING", ct);
        }

        return TypedResults.Ok();
    }

    private static async Task<(TokenForm? Form, Client? Client, OAuthError? Error)> AuthenticateAsync(
        Realm realm, HttpContext http, ClientAuthentication clients, CancellationToken ct)
    {
        var (form, malformed) = await TokenForm.ReadAsync(http.Request, ct);
        if (form is null)
        {
            return (null, null, malformed);
        }

        var (client, refused) = clients.Authenticate(http, realm, form);
        return (form, client, refused);
    }

    private static IResult Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return TokenEndpoints.NotStored(TypedResults.Bytes(buffer.WrittenMemory, "application/json"));
    }
}
