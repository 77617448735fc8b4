using System.Security.Cryptography;
using System.Text;

namespace JanServer.ServiceDefaults.Secrets;

/// <summary>
/// Encrypts what must be stored and read again with AES-256-GCM (NIST SP 800-38D), under a key that HKDF (RFC 5869) derives from a master
/// key for one purpose. What the secret belongs to is authenticated with it, so that it cannot be moved to another row.
/// </summary>
public static class SecretSeal
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength + TagLength;

    /// <summary>Encrypts.</summary>
    /// <param name="master">The master key: 32 bytes or more of high entropy.</param>
    /// <param name="purpose">What the key is derived for, with the name of the master key: <c>janserver/provider-keys/1</c>.</param>
    /// <param name="secret">What to keep.</param>
    /// <param name="bound">What it belongs to; must be the same when it is opened.</param>
    public static byte[] Seal(ReadOnlySpan<byte> master, string purpose, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> bound)
    {
        var blob = new byte[HeaderLength + secret.Length];
        blob[0] = Version;
        var nonce = blob.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher(master, purpose);
        aes.Encrypt(nonce, secret, blob.AsSpan(HeaderLength), blob.AsSpan(1 + NonceLength, TagLength), bound);
        return blob;
    }

    /// <summary>Decrypts; null when the blob was made with another key, for another purpose or owner, or was tampered with.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> master, string purpose, ReadOnlySpan<byte> blob, ReadOnlySpan<byte> bound)
    {
        if (blob.Length < HeaderLength || blob[0] != Version)
        {
            return null;
        }

        try
        {
            var secret = new byte[blob.Length - HeaderLength];
            using var aes = Cipher(master, purpose);
            aes.Decrypt(blob.Slice(1, NonceLength), blob[HeaderLength..], blob.Slice(1 + NonceLength, TagLength), secret, bound);
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static AesGcm Cipher(ReadOnlySpan<byte> master, string purpose)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, key, salt: [], info: Encoding.UTF8.GetBytes(purpose));
        return new(key, TagLength);
    }
}
