using System.Security.Cryptography;
using System.Text;
using JanServer.Identity.Realms;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Keys;

/// <summary>
/// Encrypts private keys at rest: AES-256-GCM under a key of its own for each (HKDF-SHA256 of the configured key, salted with the kid).
/// The kid is authenticated too, so a sealed key cannot be moved to another row. Also derives the login form's MAC key.
/// </summary>
internal sealed class KeyProtection(IOptions<RealmOptions> options)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private static readonly byte[] SealInfo = "JanServer.Identity signing key v1"u8.ToArray();

    private readonly byte[] _master = Convert.FromBase64String(options.Value.KeyEncryptionKey);

    public byte[] Seal(string kid, ReadOnlySpan<byte> secret)
    {
        var output = new byte[NonceSize + TagSize + secret.Length];
        RandomNumberGenerator.Fill(output.AsSpan(0, NonceSize));
        using var aes = new AesGcm(KeyFor(kid), TagSize);
        aes.Encrypt(
            output.AsSpan(0, NonceSize),
            secret,
            output.AsSpan(NonceSize + TagSize),
            output.AsSpan(NonceSize, TagSize),
            Encoding.UTF8.GetBytes(kid));
        return output;
    }

    /// <exception cref="CryptographicException">It was sealed under another key, for another kid, or was changed.</exception>
    public byte[] Open(string kid, ReadOnlySpan<byte> sealedBytes)
    {
        var secret = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(KeyFor(kid), TagSize);
        aes.Decrypt(
            sealedBytes[..NonceSize],
            sealedBytes[(NonceSize + TagSize)..],
            sealedBytes.Slice(NonceSize, TagSize),
            secret,
            Encoding.UTF8.GetBytes(kid));
        return secret;
    }

    /// <summary>A key for another purpose, the same on every replica.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, 32, salt: null, Encoding.UTF8.GetBytes("JanServer.Identity " + purpose));

    private byte[] KeyFor(string kid) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, 32, Encoding.UTF8.GetBytes(kid), SealInfo);
}
