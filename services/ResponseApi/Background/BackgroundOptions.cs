using System.ComponentModel.DataAnnotations;
using JanServer.ResponseApi.Runs;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Background;

/// <summary>
/// How responses run that nobody waits for, and how long a run is believed to be alive. Bound from <c>Background</c>; the reference's
/// <c>BACKGROUND_WORKER_COUNT</c> and <c>BACKGROUND_TASK_TIMEOUT</c> (Go's durations) count too.
/// </summary>
public sealed class BackgroundOptions
{
    /// <summary>How many run at once on this replica: 0 (none here) to 256.</summary>
    [Range(0, 256)]
    public int Workers { get; set; } = 4;

    /// <summary>Seconds that one attempt may take: 1 to 86400.</summary>
    [Range(1, 86_400)]
    public double TimeoutSeconds { get; set; } = 600;

    /// <summary>Seconds that a response may take whose client waits for it: 1 to 86400.</summary>
    [Range(1, 86_400)]
    public double ForegroundTimeoutSeconds { get; set; } = 900;

    /// <summary>How many of one user run at once, on all replicas: 1 to 256.</summary>
    [Range(1, 256)]
    public int MaxRunningPerUser { get; set; } = 4;

    /// <summary>How many may wait in all: 1 to 1000000. More are answered 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueued { get; set; } = 10_000;

    /// <summary>How many of one user may wait: 1 to 100000. More are answered 429.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedPerUser { get; set; } = 200;

    /// <summary>How often a response is begun or continued, when replicas die under it, before it fails: 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Seconds after which a replica that said nothing has lost its runs to others: 2 to 600.</summary>
    [Range(2, 600)]
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>Seconds between two looks into the queue when nothing wakes a worker: 0.1 to 60.</summary>
    [Range(0.1, 60)]
    public double PollSeconds { get; set; } = 5;

    /// <summary>Hours that the events of an ended response are kept: 1 to 8760.</summary>
    [Range(1, 8760)]
    public int EventHours { get; set; } = 24;

    /// <summary>Days after which a stored response that has ended is deleted with all that belongs to it: 0 (never) to 36500.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; set; }

    internal TimeSpan LeaseTime => TimeSpan.FromSeconds(LeaseSeconds);

    internal TimeSpan Heartbeat => LeaseTime / 4;

    internal TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    internal TimeSpan Poll => TimeSpan.FromSeconds(PollSeconds);
}

[OptionsValidator]
internal sealed partial class BackgroundOptionsValidator : IValidateOptions<BackgroundOptions>;

/// <summary>Reads the reference's names of these settings.</summary>
internal sealed class ReferenceBackgroundSettings(IConfiguration configuration) : IConfigureOptions<BackgroundOptions>
{
    public void Configure(BackgroundOptions options)
    {
        if (configuration.GetValue<int?>("BACKGROUND_WORKER_COUNT") is { } workers)
        {
            options.Workers = workers;
        }

        if (configuration["BACKGROUND_TASK_TIMEOUT"] is { Length: > 0 } text)
        {
            options.TimeoutSeconds = GoDuration.TryParse(text, out var timeout)
                ? timeout.TotalSeconds
                : throw new InvalidOperationException("BACKGROUND_TASK_TIMEOUT must be a duration such as 600s or 10m.");
        }
    }
}
