using System.ComponentModel.DataAnnotations;
using System.Text;
using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Secrets;
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
/// Encrypts provider credentials; see <see cref="SecretSeal"/>. The provider's id is authenticated with the ciphertext, so that a
/// credential cannot be moved to another provider's row.
/// </summary>
internal sealed class ProviderKeys(IOptions<ProviderEncryptionOptions> options)
{
    public bool CanEncrypt => !string.IsNullOrEmpty(options.Value.Key);

    /// <summary>Whether a credential under this key needs no rotation.</summary>
    public bool IsCurrent(string keyId) => keyId == options.Value.KeyId;

    public (byte[] Encrypted, string KeyId) Encrypt(Id<StoredProvider> provider, string secret)
    {
        var keyId = options.Value.KeyId;
        var blob = SecretSeal.Seal(Bytes(options.Value.Key!), Purpose(keyId), Encoding.UTF8.GetBytes(secret), Bound(provider));
        return (blob, keyId);
    }

    /// <summary>The credential, or null when its master key is not configured or the row was tampered with.</summary>
    public string? Decrypt(Id<StoredProvider> provider, byte[] blob, string keyId)
    {
        var master = keyId == options.Value.KeyId ? options.Value.Key
            : keyId == options.Value.PreviousKeyId ? options.Value.PreviousKey
            : null;
        return string.IsNullOrEmpty(master) ? null
            : SecretSeal.Open(Bytes(master), Purpose(keyId), blob, Bound(provider)) is { } secret ? Encoding.UTF8.GetString(secret)
            : null;
    }

    private static byte[] Bytes(string master) => Encoding.UTF8.GetBytes(master);

    private static string Purpose(string keyId) => $"janserver/provider-keys/{keyId}";

    private static byte[] Bound(Id<StoredProvider> provider) => provider.Value.ToByteArray(bigEndian: true);
}
