using System.Security.Cryptography;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>The signature algorithms of RFC 7518 section 3.1 that are verified. <c>none</c> is not among them, by construction.</summary>
internal enum JwtAlgorithm
{
    HS256,
    HS512,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
}

internal static class JwtAlgorithms
{
    // Enum.TryParse would take numbers and other spellings.
    private static readonly Dictionary<string, JwtAlgorithm> ByName =
        Enum.GetValues<JwtAlgorithm>().ToDictionary(algorithm => algorithm.ToString(), StringComparer.Ordinal);

    public static bool TryParse(string name, out JwtAlgorithm algorithm) => ByName.TryGetValue(name, out algorithm);

    public static HashAlgorithmName HashOf(this JwtAlgorithm algorithm) => algorithm switch
    {
        JwtAlgorithm.RS384 or JwtAlgorithm.PS384 or JwtAlgorithm.ES384 => HashAlgorithmName.SHA384,
        JwtAlgorithm.HS512 or JwtAlgorithm.RS512 or JwtAlgorithm.PS512 or JwtAlgorithm.ES512 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };
}
