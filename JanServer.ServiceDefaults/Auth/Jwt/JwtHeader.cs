using System.Text.Json;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>Reads a token's header. Keys that it brings along (<c>jwk</c>, <c>jku</c>, <c>x5u</c>, <c>x5c</c>) are not looked at.</summary>
internal static class JwtHeader
{
    // RFC 9068 section 2.1 and RFC 7519 section 5.1; absent is what many issuers send.
    private static readonly HashSet<string> AccessTokenTypes =
        new(["JWT", "at+jwt", "application/at+jwt"], StringComparer.OrdinalIgnoreCase);

    public static JwtFailure Read(JsonElement header, out JwtAlgorithm algorithm, out string? keyId)
    {
        algorithm = default;
        keyId = null;
        if (!header.TryGetProperty("alg"u8, out var alg) || alg.ValueKind != JsonValueKind.String)
        {
            return JwtFailure.Malformed;
        }

        if (header.TryGetProperty("crit"u8, out _))
        {
            return JwtFailure.CriticalHeader;
        }

        if (header.TryGetProperty("typ"u8, out var typ)
            && (typ.ValueKind != JsonValueKind.String || !AccessTokenTypes.Contains(typ.GetString()!)))
        {
            return JwtFailure.WrongType;
        }

        if (header.TryGetProperty("kid"u8, out var kid))
        {
            if (kid.ValueKind != JsonValueKind.String)
            {
                return JwtFailure.Malformed;
            }

            keyId = kid.GetString();
        }

        return JwtAlgorithms.TryParse(alg.GetString()!, out algorithm) ? JwtFailure.None : JwtFailure.AlgorithmNotAllowed;
    }
}
