using JanServer.Identity.Clients;
using JanServer.Identity.Keys;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Users;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Tokens;

/// <summary>What tokens are issued for.</summary>
internal sealed record TokenGrant(Realm Realm, Client Client, LiveSession Live, string Scope)
{
    public string? Nonce { get; init; }

    public string Acr { get; init; } = "1";

    /// <summary>The refresh token that is being replaced.</summary>
    public Guid? ParentId { get; init; }
}

/// <summary>Makes access, ID and refresh tokens.</summary>
internal sealed class TokenIssuer(KeyRing keys, UserDirectory users, RefreshTokenStore refreshTokens, IOptions<RealmOptions> options, TimeProvider clock)
{
    private const string DefaultAudience = "account";

    private IReadOnlyList<string> Audiences => [DefaultAudience, .. options.Value.Tokens.Audiences];

    public async Task<TokenResponse> IssueAsync(TokenGrant grant, CancellationToken ct)
    {
        var (realm, client, (session, user), scope) = grant;
        var now = clock.GetUtcNow();
        var expires = Min(now.AddSeconds(LifetimeOf(client)), session.ExpiresAt);
        var refreshExpires = Min(now.AddSeconds(options.Value.Tokens.SessionIdleSeconds), session.ExpiresAt);

        var key = await keys.SigningKeyAsync(realm, ct);
        var subject = new TokenSubject(realm, client, user, await users.MembershipsAsync(user, ct), session, scope, grant.Acr);
        var access = Jwt.Sign(key, json => AccessTokenClaims.Write(json, subject, Audiences, Guid.CreateVersion7(now), now, expires));
        var id = Scope.IncludesOpenId(scope)
            ? Jwt.Sign(key, json => AccessTokenClaims.WriteId(json, subject, grant.Nonce, access, Guid.CreateVersion7(now), now, expires))
            : null;

        var refresh = Base64UrlText.Random();
        await refreshTokens.AddAsync(
            new RefreshToken
            {
                Id = Guid.CreateVersion7(now),
                TokenHash = TokenHash.Of(refresh),
                SessionId = session.Id,
                ClientId = client.Id,
                Scope = scope,
                ParentId = grant.ParentId,
                CreatedAt = now,
                ExpiresAt = refreshExpires,
            },
            ct);
        return new TokenResponse(
            access, Seconds(expires - now), Seconds(refreshExpires - now), refresh, "Bearer", id, 0, session.Id.ToString(), scope);
    }

    /// <summary>For the client itself: no session, no refresh token (RFC 6749 section 4.4.3).</summary>
    public async Task<TokenResponse> IssueServiceAsync(Realm realm, Client client, string scope, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var expires = now.AddSeconds(LifetimeOf(client));
        var key = await keys.SigningKeyAsync(realm, ct);
        var access = Jwt.Sign(
            key, json => AccessTokenClaims.WriteService(json, realm, client, Audiences, scope, Guid.CreateVersion7(now), now, expires));
        return new TokenResponse(access, Seconds(expires - now), 0, null, "Bearer", null, 0, null, scope);
    }

    private int LifetimeOf(Client client) => client.Settings.AccessTokenSeconds ?? options.Value.Tokens.AccessTokenSeconds;

    private static DateTimeOffset Min(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private static long Seconds(TimeSpan span) => (long)span.TotalSeconds;
}
