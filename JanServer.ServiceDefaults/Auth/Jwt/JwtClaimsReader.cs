using System.Text.Json;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>Checks and reads the claims of a token.</summary>
internal static class JwtClaimsReader
{
    private const int MaxSubjectLength = 255;

    // The year 9900: far enough from the end of DateTimeOffset that adding the clock skew cannot overflow.
    private const double MaxTime = 250_000_000_000;

    public static JwtFailure ReadIssuer(JsonElement claims, HashSet<string> issuers) => Text(claims, "iss"u8) switch
    {
        null => JwtFailure.MissingClaim,
        var issuer => issuers.Contains(issuer) ? JwtFailure.None : JwtFailure.WrongIssuer,
    };

    /// <summary>Reads claims whose signature and issuer are verified.</summary>
    public static JwtResult Read(JsonElement claims, HashSet<string> audiences, DateTimeOffset now, TimeSpan skew)
    {
        // Keycloak says what a token is in the claims ("Bearer", "ID", "Refresh", "Offline", "Logout"); its headers are all alike.
        if (claims.TryGetProperty("typ"u8, out _) && Text(claims, "typ"u8) != "Bearer")
        {
            return JwtResult.Refused(JwtFailure.WrongType);
        }

        if (!TryReadTime(claims, "exp"u8, out var expires) || expires is not { } end
            || Text(claims, "sub"u8) is not { Length: > 0 and <= MaxSubjectLength } subject
            || !TryReadTime(claims, "nbf"u8, out var notBefore)
            || !TryReadTime(claims, "iat"u8, out var issued)
            || !claims.TryGetProperty("aud"u8, out var audience))
        {
            return JwtResult.Refused(JwtFailure.MissingClaim);
        }

        if (now >= end + skew)
        {
            return JwtResult.Refused(JwtFailure.Expired);
        }

        if (notBefore > now + skew || issued > now + skew)
        {
            return JwtResult.Refused(JwtFailure.NotYetValid);
        }

        if (!Texts(audience).Any(audiences.Contains))
        {
            return JwtResult.Refused(JwtFailure.WrongAudience);
        }

        return JwtResult.Valid(new()
        {
            Issuer = Text(claims, "iss"u8)!,
            Subject = subject,
            ExpiresAt = end,
            IssuedAt = issued,
            TokenId = Text(claims, "jti"u8),
            Username = Text(claims, "preferred_username"u8),
            Email = Text(claims, "email"u8),
            EmailVerified = claims.TryGetProperty("email_verified"u8, out var verified) && verified.ValueKind == JsonValueKind.True,
            Name = Text(claims, "name"u8),
            AuthorizedParty = Text(claims, "azp"u8) ?? Text(claims, "client_id"u8),
            Scopes = Text(claims, "scope"u8)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            Roles = [.. RolesIn(claims).Distinct(StringComparer.Ordinal)],
            Groups = claims.TryGetProperty("groups"u8, out var groups) ? [.. Texts(groups)] : [],
            FeatureFlags = claims.TryGetProperty("feature_flags"u8, out var flags) ? [.. Texts(flags).Distinct(StringComparer.Ordinal)] : [],
        });
    }

    private static IEnumerable<string> RolesIn(JsonElement claims)
    {
        var holders = new List<JsonElement> { claims };
        if (claims.TryGetProperty("realm_access"u8, out var realm))
        {
            holders.Add(realm);
        }

        if (claims.TryGetProperty("resource_access"u8, out var clients) && clients.ValueKind == JsonValueKind.Object)
        {
            holders.AddRange(clients.EnumerateObject().Select(client => client.Value));
        }

        return holders.SelectMany(holder =>
            holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("roles"u8, out var roles) ? Texts(roles) : []);
    }

    // RFC 7519 section 2, NumericDate: seconds, possibly with a fraction. False for anything else; null when absent.
    private static bool TryReadTime(JsonElement claims, ReadOnlySpan<byte> name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out var value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || seconds is not (>= 0 and <= MaxTime))
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }

    private static string? Text(JsonElement claims, ReadOnlySpan<byte> name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // One string, or an array of them.
    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray()
            .Where(item => item.ValueKind == JsonValueKind.String)
            .Select(item => item.GetString()!),
        _ => [],
    };
}
