using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>
/// A key of an issuer. The key decides which algorithms it may be used with; a token's header only chooses among them
/// (RFC 8725 section 3.1), so a public RSA key is never taken for an HMAC secret.
/// </summary>
internal abstract class VerificationKey(string? id, IReadOnlyList<JwtAlgorithm> algorithms)
{
    public string? Id => id;

    public bool Allows(JwtAlgorithm algorithm) => algorithms.Contains(algorithm);

    public abstract bool Verify(JwtAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}

internal sealed class HmacKey(string? id, JwtAlgorithm algorithm, byte[] secret) : VerificationKey(id, [algorithm])
{
    public override bool Verify(JwtAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA512.HashSizeInBytes];
        var length = algorithm == JwtAlgorithm.HS512
            ? HMACSHA512.HashData(secret, signed, expected)
            : HMACSHA256.HashData(secret, signed, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..length], signature);
    }
}

internal sealed class RsaKey(string? id, IReadOnlyList<JwtAlgorithm> algorithms, RSAParameters parameters) : VerificationKey(id, algorithms)
{
    private readonly KeyPool<RSA> _pool = new(() => RSA.Create(parameters));

    public override bool Verify(JwtAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        var padding = algorithm is JwtAlgorithm.PS256 or JwtAlgorithm.PS384 or JwtAlgorithm.PS512
            ? RSASignaturePadding.Pss
            : RSASignaturePadding.Pkcs1;
        var rsa = _pool.Rent();
        var ok = rsa.VerifyData(signed, signature, algorithm.HashOf(), padding);
        _pool.Return(rsa);
        return ok;
    }
}

internal sealed class EcKey(string? id, JwtAlgorithm algorithm, ECParameters parameters) : VerificationKey(id, [algorithm])
{
    private readonly KeyPool<ECDsa> _pool = new(() => ECDsa.Create(parameters));

    // RFC 7518 section 3.4: the signature is R and S side by side, not the ASN.1 sequence of X.509.
    public override bool Verify(JwtAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        var ecdsa = _pool.Rent();
        var ok = ecdsa.VerifyData(signed, signature, algorithm.HashOf(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _pool.Return(ecdsa);
        return ok;
    }
}

/// <summary>
/// Imported keys that wait for work. Instances of <see cref="RSA"/> and <see cref="ECDsa"/> are not documented to be usable by several
/// threads at once, and importing one for each signature costs as much as verifying it.
/// </summary>
internal sealed class KeyPool<T>(Func<T> create)
    where T : AsymmetricAlgorithm
{
    // Created once at import, so that a key which cannot be used is noticed then and not with the first token.
    private readonly ConcurrentBag<T> _idle = [create()];

    public T Rent() => _idle.TryTake(out var key) ? key : create();

    public void Return(T key) => _idle.Add(key);
}
