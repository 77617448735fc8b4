using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>The keys of an issuer, read from a JWK Set (RFC 7517 section 5). Keys we cannot use are skipped, as the RFC asks.</summary>
internal sealed class KeySet(IReadOnlyList<VerificationKey> keys)
{
    private const int MaxKeys = 64;
    private const int MinRsaBits = 2048;

    private static readonly JwtAlgorithm[] AllOfRsa =
        [JwtAlgorithm.RS256, JwtAlgorithm.RS384, JwtAlgorithm.RS512, JwtAlgorithm.PS256, JwtAlgorithm.PS384, JwtAlgorithm.PS512];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public int Count => keys.Count;

    /// <summary>The keys that a token with this header may be signed with: those of its id, or all if it names none.</summary>
    public IEnumerable<VerificationKey> Find(string? id) =>
        id is null ? keys : keys.Where(key => string.Equals(key.Id, id, StringComparison.Ordinal));

    /// <summary>Reads a JWK Set.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="secrets">Whether symmetric keys are read: never from the network, where anyone can read them too.</param>
    /// <param name="set">The keys, possibly none.</param>
    /// <returns>False when this is not a JWK Set.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> json, bool secrets, [NotNullWhen(true)] out KeySet? set)
    {
        set = null;
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("keys"u8, out var keys)
                || keys.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            set = new([.. keys.EnumerateArray().Take(MaxKeys).Select(key => Read(key, secrets)).OfType<VerificationKey>()]);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not UTF-8.
            return false;
        }
    }

    private static VerificationKey? Read(JsonElement key, bool secrets)
    {
        if (key.ValueKind != JsonValueKind.Object || !IsForSignatures(key))
        {
            return null;
        }

        JwtAlgorithm? named = null;
        if (Text(key, "alg"u8) is { } name)
        {
            if (!JwtAlgorithms.TryParse(name, out var algorithm))
            {
                return null;
            }

            named = algorithm;
        }

        try
        {
            return Text(key, "kty"u8) switch
            {
                "RSA" => ReadRsa(key, named),
                "EC" => ReadEc(key, named),
                "oct" when secrets => ReadHmac(key, named),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static RsaKey? ReadRsa(JsonElement key, JwtAlgorithm? named)
    {
        if (Bytes(key, "n"u8) is not { } modulus || Bytes(key, "e"u8) is not { } exponent || modulus.Length * 8 < MinRsaBits)
        {
            return null;
        }

        // A key without "alg" may be used with all of its family: they share neither padding nor hash, so none stands in for another.
        return named is null || AllOfRsa.Contains(named.Value)
            ? new(Text(key, "kid"u8), named is null ? AllOfRsa : [named.Value], new() { Modulus = modulus, Exponent = exponent })
            : null;
    }

    private static EcKey? ReadEc(JsonElement key, JwtAlgorithm? named)
    {
        (ECCurve Curve, JwtAlgorithm Algorithm, int Length)? curve = Text(key, "crv"u8) switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, JwtAlgorithm.ES256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, JwtAlgorithm.ES384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, JwtAlgorithm.ES512, 66),
            _ => null,
        };
        if (curve is not { } known || (named is not null && named != known.Algorithm))
        {
            return null;
        }

        var (x, y) = (Bytes(key, "x"u8), Bytes(key, "y"u8));
        return x?.Length == known.Length && y?.Length == known.Length
            ? new(Text(key, "kid"u8), known.Algorithm, new() { Curve = known.Curve, Q = new() { X = x, Y = y } })
            : null;
    }

    // RFC 7518 section 3.2: the key is at least as long as the hash. It has no algorithm of its own, so it must name one.
    private static HmacKey? ReadHmac(JsonElement key, JwtAlgorithm? named) =>
        Bytes(key, "k"u8) is { } secret && named is { } algorithm
            && ((algorithm == JwtAlgorithm.HS256 && secret.Length >= 32) || (algorithm == JwtAlgorithm.HS512 && secret.Length >= 64))
            ? new(Text(key, "kid"u8), algorithm, secret)
            : null;

    private static bool IsForSignatures(JsonElement key) =>
        Text(key, "use"u8) is null or "sig"
        && (!key.TryGetProperty("key_ops"u8, out var operations)
            || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(IsVerify)));

    private static bool IsVerify(JsonElement operation) => operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify"u8);

    private static string? Text(JsonElement key, ReadOnlySpan<byte> member) =>
        key.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement key, ReadOnlySpan<byte> member) =>
        Text(key, member) is { Length: > 0 } text ? Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(text)) : null;
}
