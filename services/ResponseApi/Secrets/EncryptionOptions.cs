using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Secrets;

/// <summary>
/// The master keys of what is stored encrypted: secrets of webhooks, credentials in requests, compacted conversations. Bound from
/// <c>Webhooks:Encryption</c>. Keys are Base64 of 32 bytes or more, the same for all replicas.
/// </summary>
public sealed class EncryptionOptions
{
    /// <summary>What is encrypted from now on is under this key.</summary>
    [Required]
    public string Key { get; set; } = "";

    /// <summary>The key before <see cref="Key"/>, while there is something under it.</summary>
    public string? PreviousKey { get; set; }
}

[OptionsValidator]
internal sealed partial class EncryptionOptionsValidator : IValidateOptions<EncryptionOptions>;

internal sealed class EncryptionKeyValidator : IValidateOptions<EncryptionOptions>
{
    private const int MinBytes = 32;

    public ValidateOptionsResult Validate(string? name, EncryptionOptions options) =>
        IsKey(options.Key) && (string.IsNullOrEmpty(options.PreviousKey) || IsKey(options.PreviousKey))
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Webhooks:Encryption:Key and PreviousKey must be Base64 of 32 bytes or more.");

    private static bool IsKey(string text) =>
        Convert.TryFromBase64String(text, new byte[text.Length], out var length) && length >= MinBytes;
}
