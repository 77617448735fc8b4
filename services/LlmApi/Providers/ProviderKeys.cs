using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using JanServer.Contracts.Ids;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>The master keys of stored credentials. Bound from <c>Providers:Encryption</c>.</summary>
public sealed class ProviderEncryptionOptions
{
    /// <summary>The master key: at least 32 characters of high entropy. Without one no credential can be stored.</summary>
    [MinLength(32)]
    public string? Key { get; set; }

    /// <summary>The name of <see cref="Key"/>; change it with the key.</summary>
    [StringLength(32, MinimumLength = 1)]
    public string KeyId { get; set; } = "1";

    /// <summary>The key before <see cref="Key"/>, while credentials are still under it.</summary>
    [MinLength(32)]
    public string? PreviousKey { get; set; }

    /// <summary>The name of <see cref="PreviousKey"/>.</summary>
    [StringLength(32, MinimumLength = 1)]
    public string? PreviousKeyId { get; set; }
}

[OptionsValidator]
internal sealed partial class ProviderEncryptionOptionsValidator : IValidateOptions<ProviderEncryptionOptions>;

/// <summary>
/// Encrypts provider credentials with AES-256-GCM (NIST SP 800-38D) under a key that HKDF (RFC 5869) derives from the master key. The
/// provider's id is authenticated with the ciphertext, so that a credential cannot be moved to another provider's row.
/// </summary>
internal sealed class ProviderKeys(IOptions<ProviderEncryptionOptions> options)
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength + TagLength;

    public bool CanEncrypt => !string.IsNullOrEmpty(options.Value.Key);

    /// <summary>Whether a credential under this key needs no rotation.</summary>
    public bool IsCurrent(string keyId) => keyId == options.Value.KeyId;

    public (byte[] Encrypted, string KeyId) Encrypt(Id<StoredProvider> provider, string secret)
    {
        var keyId = options.Value.KeyId;
        var text = Encoding.UTF8.GetBytes(secret);
        var blob = new byte[HeaderLength + text.Length];
        blob[0] = Version;
        var nonce = blob.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Derive(options.Value.Key!, keyId), TagLength);
        aes.Encrypt(nonce, text, blob.AsSpan(HeaderLength), blob.AsSpan(1 + NonceLength, TagLength), Bound(provider));
        return (blob, keyId);
    }

    /// <summary>The credential, or null when its master key is not configured or the row was tampered with.</summary>
    public string? Decrypt(Id<StoredProvider> provider, byte[] blob, string keyId)
    {
        var master = keyId == options.Value.KeyId ? options.Value.Key
            : keyId == options.Value.PreviousKeyId ? options.Value.PreviousKey
            : null;
        if (string.IsNullOrEmpty(master) || blob.Length < HeaderLength || blob[0] != Version)
        {
            return null;
        }

        try
        {
            var text = new byte[blob.Length - HeaderLength];
            using var aes = new AesGcm(Derive(master, keyId), TagLength);
            aes.Decrypt(blob.AsSpan(1, NonceLength), blob.AsSpan(HeaderLength), blob.AsSpan(1 + NonceLength, TagLength), text, Bound(provider));
            return Encoding.UTF8.GetString(text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Derive(string master, string keyId) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(master), 32, info: Encoding.UTF8.GetBytes($"janserver/provider-keys/{keyId}"));

    private static byte[] Bound(Id<StoredProvider> provider) => provider.Value.ToByteArray(bigEndian: true);
}
