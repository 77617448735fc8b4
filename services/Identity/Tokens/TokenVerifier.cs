using System.Text.Json;
using JanServer.Identity.Keys;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Identity.Tokens;

/// <summary>A verified access token: its claims, and its user unless a service account holds it.</summary>
internal sealed record VerifiedToken(JsonElement Claims, User? User, Session? Session)
{
    public string? Text(string claim) =>
        Claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public Guid Id => Guid.Parse(Text("jti")!);

    public DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds(Claims.GetProperty("exp").GetInt64());
}

/// <summary>Verifies access tokens that this server issued, including what a relying party cannot see: revocation and session.</summary>
internal sealed class TokenVerifier(KeyRing keys, SessionStore sessions, IdentityDbContext db, TimeProvider clock)
{
    public Task<VerifiedToken?> VerifyBearerAsync(HttpContext http, Realm realm, CancellationToken ct)
    {
        const string Prefix = "Bearer ";
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? VerifyAsync(realm, header[Prefix.Length..].Trim(), ct)
            : Task.FromResult<VerifiedToken?>(null);
    }

    public async Task<VerifiedToken?> VerifyAsync(Realm realm, string token, CancellationToken ct)
    {
        if (await VerifySignatureAsync(realm, token, ct) is not { } claims)
        {
            return null;
        }

        var verified = new VerifiedToken(claims, null, null);
        if (verified.Text("typ") != "Bearer" || verified.ExpiresAt <= clock.GetUtcNow() || await IsRevokedAsync(verified.Id, ct))
        {
            return null;
        }

        if (verified.Text("sid") is not { } sid)
        {
            return verified;
        }

        return await sessions.FindAsync(realm.Name, Guid.Parse(sid), ct) is { } live
            ? verified with { User = live.User, Session = live.Session }
            : null;
    }

    /// <summary>Signature and issuer only: an ID token hint may be expired (OpenID Connect RP-Initiated Logout section 4).</summary>
    public async Task<JsonElement?> VerifySignatureAsync(Realm realm, string token, CancellationToken ct)
    {
        if (Jwt.KidOf(token) is not { } kid || await keys.FindAsync(realm, kid, ct) is not { } key || Jwt.Verify(key, token) is not { } claims)
        {
            return null;
        }

        return claims.TryGetProperty("iss", out var issuer) && issuer.ValueEquals(realm.Issuer) ? claims : null;
    }

    private Task<bool> IsRevokedAsync(Guid jti, CancellationToken ct) => db.RevokedTokens.AnyAsync(token => token.Jti == jti, ct);
}
