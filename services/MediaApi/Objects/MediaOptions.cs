using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.MediaApi.Objects;

/// <summary>What is stored where, and for how long. Bound from <c>Media</c>.</summary>
public sealed class MediaOptions
{
    /// <summary>The folder of the files. All replicas must see the same one.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>Where clients reach the gateway; links begin with it.</summary>
    [Required]
    public Uri PublicUrl { get; set; } = new("http://localhost:8000");

    /// <summary>Signs links. Base64, 32 bytes or more; the same for all replicas.</summary>
    [Required]
    public string SigningKey { get; set; } = "";

    /// <summary>How long a link works, in seconds: a minute to a week, an hour unless told.</summary>
    [Range(60, 604_800)]
    public int LinkSeconds { get; set; } = 3600;

    /// <summary>The largest file in bytes: 1 KiB to 256 MiB.</summary>
    [Range(1 << 10, 256 << 20)]
    public long MaxBytes { get; set; } = 20 << 20;

    /// <summary>How much one request may have as data URLs, in bytes of the files: 1 KiB to 256 MiB.</summary>
    [Range(1 << 10, 256 << 20)]
    public long MaxResolvedBytes { get; set; } = 32 << 20;

    /// <summary>How many bytes a user may have stored: 1 KiB to 1 PiB.</summary>
    [Range(1L << 10, 1L << 50)]
    public long MaxBytesPerUser { get; set; } = 2L << 30;

    /// <summary>Days until a file is deleted, counted from its last upload: 0 (never) to 36500.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; set; }

    internal byte[] Key => Convert.FromBase64String(SigningKey);
}

[OptionsValidator]
internal sealed partial class MediaOptionsValidator : IValidateOptions<MediaOptions>;

internal sealed class SigningKeyValidator : IValidateOptions<MediaOptions>
{
    private const int MinBytes = 32;

    public ValidateOptionsResult Validate(string? name, MediaOptions options)
    {
        var bytes = new byte[options.SigningKey.Length];
        return Convert.TryFromBase64String(options.SigningKey, bytes, out var length) && length >= MinBytes
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Media:SigningKey must be Base64 of 32 bytes or more.");
    }
}
