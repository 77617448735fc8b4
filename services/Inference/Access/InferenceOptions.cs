using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Access;

/// <summary>The section <c>Inference</c>: who may use the engine and how much at once.</summary>
public sealed class InferenceOptions
{
    /// <summary>The key that clients send as Bearer; without one only this machine is served.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How many requests generate at the same time.</summary>
    [Range(1, 4096)]
    public int MaxConcurrency { get; set; } = 32;

    /// <summary>How many requests wait for a place; the next one is refused with 429.</summary>
    [Range(0, 65536)]
    public int MaxQueue { get; set; } = 64;

    /// <summary>How many seconds a request waits for a place before it is refused with 503.</summary>
    [Range(1, 600)]
    public int QueueSeconds { get; set; } = 30;

    /// <summary>The largest request body, in bytes.</summary>
    [Range(1024, 1_073_741_824)]
    public long MaxRequestBytes { get; set; } = 16 * 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class InferenceOptionsValidator : IValidateOptions<InferenceOptions>;
