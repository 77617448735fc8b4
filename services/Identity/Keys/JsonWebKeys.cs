using System.Security.Cryptography;
using System.Text.Json.Serialization;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Keys;

/// <summary>RFC 7517's key set.</summary>
public sealed record JsonWebKeySet([property: JsonPropertyName("keys")] IReadOnlyList<JsonWebKey> Keys);

/// <summary>An RSA verification key (RFC 7518 section 6.3.1).</summary>
public sealed record JsonWebKey(
    [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("kty")] string Kty,
    [property: JsonPropertyName("alg")] string Alg,
    [property: JsonPropertyName("use")] string Use,
    [property: JsonPropertyName("n")] string N,
    [property: JsonPropertyName("e")] string E)
{
    internal static JsonWebKey From(SigningKey key)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new(key.Kid, "RSA", "RS256", "sig", Base64UrlText.Encode(parameters.Modulus!), Base64UrlText.Encode(parameters.Exponent!));
    }
}
