using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Images;

/// <summary>What requests for images may ask, and how long they may take. Bound from <c>Images</c>.</summary>
public sealed class ImageOptions
{
    /// <summary>The model of requests that name none; without it they are refused.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>How many images one request may ask for: 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxImages { get; set; } = 10;

    /// <summary>How many images one edit may start from: 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxInputs { get; set; } = 16;

    /// <summary>The largest image to start from, in bytes.</summary>
    [Range(1024, 1 << 30)]
    public int MaxInputBytes { get; set; } = 20 << 20;

    /// <summary>The largest request body, in bytes.</summary>
    [Range(1024, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 32 << 20;

    /// <summary>The largest answer of a provider, in bytes.</summary>
    [Range(1024, 1 << 30)]
    public int MaxResponseBytes { get; set; } = 128 << 20;

    /// <summary>How long one provider may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(3);
}

[OptionsValidator]
internal sealed partial class ImageOptionsValidator : IValidateOptions<ImageOptions>;
