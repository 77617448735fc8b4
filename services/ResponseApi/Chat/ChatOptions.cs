using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Chat;

/// <summary>Waits and retries of model calls. Bound from <c>Chat</c>.</summary>
public sealed class ChatOptions
{
    /// <summary>How long llm-api may take until the first event of an answer, all attempts together. Longer than its own deadline.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "02:00:00")]
    public TimeSpan FirstEvent { get; set; } = TimeSpan.FromMinutes(16);

    /// <summary>How long an answer may pause between two events before it is given up. Longer than llm-api's own limit.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The most bytes of text, reasoning and arguments in one answer; a model that does not stop is given up.</summary>
    [Range(1024, 1 << 30)]
    public int MaxAnswerBytes { get; set; } = 32 << 20;

    /// <summary>How often a model is asked before its first event: the first attempt and the repetitions of those that may pass.</summary>
    [Range(1, 10)]
    public int Attempts { get; set; } = 3;

    /// <summary>The wait before the second attempt; it doubles for each later one, with jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest <c>Retry-After</c> that is waited for; a longer one is the answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class ChatOptionsValidator : IValidateOptions<ChatOptions>;
