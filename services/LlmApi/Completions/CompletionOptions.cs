using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Completions;

/// <summary>Limits and waits of requests to models. Bound from <c>Completions</c>.</summary>
public sealed class CompletionOptions
{
    /// <summary>The largest request body, in bytes.</summary>
    [Range(1024, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 32 << 20;

    /// <summary>The largest answer that is not streamed, in bytes.</summary>
    [Range(1024, 1 << 30)]
    public int MaxResponseBytes { get; set; } = 64 << 20;

    /// <summary>The largest single event of a stream, in bytes.</summary>
    [Range(1024, 1 << 30)]
    public int MaxEventBytes { get; set; } = 16 << 20;

    /// <summary>
    /// Whether reasoning between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> at the beginning of an answer becomes <c>reasoning_content</c>,
    /// for models of which the catalogue does not say how they mark it.
    /// </summary>
    public bool ReasoningTags { get; set; } = true;

    /// <summary>How long a stream stays silent before the client gets a comment, so that no proxy between takes it for dead.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an upstream may pause within a stream before it is given up.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan StreamIdle { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long all attempts of one request together may take until the first byte of an answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(15);
}

[OptionsValidator]
internal sealed partial class CompletionOptionsValidator : IValidateOptions<CompletionOptions>;
