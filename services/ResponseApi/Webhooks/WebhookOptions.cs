using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>How messages are delivered. Bound from <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>How many messages are on their way at once on this replica: 1 to 64.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 4;

    /// <summary>Seconds that an address may take to answer: 1 to 60.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>How often a message is tried: 1 to 11, over some three days.</summary>
    [Range(1, 11)]
    public int MaxAttempts { get; set; } = 11;

    /// <summary>Hours of nothing but failures after which an address is switched off: 1 to 720.</summary>
    [Range(1, 720)]
    public int DisableAfterHours { get; set; } = 120;

    /// <summary>Days that ended deliveries stay in the log: 1 to 365.</summary>
    [Range(1, 365)]
    public int LogDays { get; set; } = 30;

    /// <summary>How many addresses a user may register in a project: 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxPerProject { get; set; } = 20;

    /// <summary>Seconds between two looks for what is due when nothing wakes a worker: 0.1 to 60.</summary>
    [Range(0.1, 60)]
    public double PollSeconds { get; set; } = 5;
}

[OptionsValidator]
internal sealed partial class WebhookOptionsValidator : IValidateOptions<WebhookOptions>;
