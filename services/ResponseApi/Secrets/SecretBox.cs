using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Secrets;

/// <summary>
/// Encrypts with AES-256-GCM (NIST SP 800-38D) under a key that HKDF (RFC 5869) derives from the master key and the purpose. Whose it is
/// is authenticated with the ciphertext, so that it opens for nothing else. Which master key it is under is told by its fingerprint.
/// </summary>
internal sealed class SecretBox(IOptions<EncryptionOptions> options)
{
    private const byte Version = 1;
    private const int FingerprintLength = 4;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int NonceAt = 1 + FingerprintLength;
    private const int TagAt = NonceAt + NonceLength;
    private const int HeaderLength = TagAt + TagLength;

    /// <param name="purpose">What kind of secret it is, such as <c>webhook</c>.</param>
    /// <param name="boundTo">Whose it is: an id.</param>
    /// <param name="plain">The secret.</param>
    public byte[] Seal(string purpose, string boundTo, ReadOnlySpan<byte> plain)
    {
        var master = Convert.FromBase64String(options.Value.Key);
        var blob = new byte[HeaderLength + plain.Length];
        blob[0] = Version;
        Fingerprint(master).CopyTo(blob.AsSpan(1));
        RandomNumberGenerator.Fill(blob.AsSpan(NonceAt, NonceLength));
        using var aes = new AesGcm(Derive(master, purpose), TagLength);
        aes.Encrypt(
            blob.AsSpan(NonceAt, NonceLength), plain, blob.AsSpan(HeaderLength), blob.AsSpan(TagAt, TagLength), Encoding.UTF8.GetBytes(boundTo));
        return blob;
    }

    /// <summary>The secret, or null when its master key is not configured, or it was tampered with or is not for this.</summary>
    public byte[]? Open(string purpose, string boundTo, ReadOnlySpan<byte> blob)
    {
        if (blob.Length < HeaderLength || blob[0] != Version || FindMaster(blob.Slice(1, FingerprintLength)) is not { } master)
        {
            return null;
        }

        try
        {
            var plain = new byte[blob.Length - HeaderLength];
            using var aes = new AesGcm(Derive(master, purpose), TagLength);
            aes.Decrypt(
                blob.Slice(NonceAt, NonceLength), blob[HeaderLength..], blob.Slice(TagAt, TagLength), plain, Encoding.UTF8.GetBytes(boundTo));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private byte[]? FindMaster(ReadOnlySpan<byte> fingerprint)
    {
        foreach (var key in (string?[])[options.Value.Key, options.Value.PreviousKey])
        {
            if (!string.IsNullOrEmpty(key) && Convert.FromBase64String(key) is { } master && fingerprint.SequenceEqual(Fingerprint(master)))
            {
                return master;
            }
        }

        return null;
    }

    private static byte[] Derive(byte[] master, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, info: Encoding.UTF8.GetBytes($"janserver/response-api/{purpose}"));

    private static byte[] Fingerprint(byte[] master) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, FingerprintLength, info: "janserver/response-api/fingerprint"u8.ToArray());
}
