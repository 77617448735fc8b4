using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace JanServer.ServiceDefaults.Tests.Auth.Jwt;

/// <summary>Makes tokens, good and bad.</summary>
internal static class TestToken
{
    public static string Encode(JsonNode json) => Encode(json.ToJsonString());

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    public static string Sign(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign) =>
        Sign(Encode(header), Encode(claims), sign);

    public static string Sign(string header, string claims, Func<byte[], byte[]> sign)
    {
        var text = $"{header}.{claims}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public static Func<byte[], byte[]> Rsa(RSA key, HashAlgorithmName hash, RSASignaturePadding padding) => data => key.SignData(data, hash, padding);

    public static Func<byte[], byte[]> Ecdsa(ECDsa key, HashAlgorithmName hash) => data => key.SignData(data, hash);

    public static Func<byte[], byte[]> Hmac(byte[] secret) => data => HMACSHA256.HashData(secret, data);

    public static JsonObject Jwk(RSA key, string? id, string? algorithm)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return With(id, algorithm, new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        });
    }

    public static JsonObject Jwk(ECDsa key, string? id, string curve)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return With(id, null, new()
        {
            ["kty"] = "EC",
            ["crv"] = curve,
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
        });
    }

    private static JsonObject With(string? id, string? algorithm, JsonObject key)
    {
        if (id is not null)
        {
            key["kid"] = id;
        }

        if (algorithm is not null)
        {
            key["alg"] = algorithm;
        }

        return key;
    }
}
