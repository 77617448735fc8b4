using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Secrets;

/// <summary>The master keys of headers and tokens. Bound from <c>ExternalServers:Encryption</c>.</summary>
public sealed class ExternalEncryptionOptions : IValidatableObject
{
    private const int MinBytes = 32;

    /// <summary>The master key: Base64, 32 bytes or more. Without one no header, secret or token can be stored.</summary>
    public string? Key { get; set; }

    /// <summary>The name of <see cref="Key"/>; change it with the key.</summary>
    [StringLength(32, MinimumLength = 1)]
    public string KeyId { get; set; } = "1";

    /// <summary>The key before <see cref="Key"/>, while something is still under it.</summary>
    public string? PreviousKey { get; set; }

    /// <summary>The name of <see cref="PreviousKey"/>.</summary>
    [StringLength(32, MinimumLength = 1)]
    public string? PreviousKeyId { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsFit(Key))
        {
            yield return new("The key is Base64 of 32 bytes or more.", [nameof(Key)]);
        }

        if (!IsFit(PreviousKey))
        {
            yield return new("The key is Base64 of 32 bytes or more.", [nameof(PreviousKey)]);
        }
    }

    private static bool IsFit(string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return true;
        }

        var bytes = new byte[key.Length];
        return Convert.TryFromBase64String(key, bytes, out var length) && length >= MinBytes;
    }
}

[OptionsValidator]
internal sealed partial class ExternalEncryptionOptionsValidator : IValidateOptions<ExternalEncryptionOptions>;
