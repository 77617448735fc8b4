using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Resilience;

/// <summary>How calls between services are protected. Bound from <c>Resilience</c>; calls of models have their own rules.</summary>
public sealed class ResilienceOptions
{
    /// <summary>Seconds that a call may take with all its attempts: 1 to 300.</summary>
    [Range(1, 300)]
    public int TotalTimeoutSeconds { get; set; } = 30;

    /// <summary>Seconds that one attempt may take until the response begins: 1 to 300.</summary>
    [Range(1, 300)]
    public int AttemptTimeoutSeconds { get; set; } = 10;

    /// <summary>How often a call that may be repeated is tried again: 1 to 10.</summary>
    [Range(1, 10)]
    public int Retries { get; set; } = 3;

    /// <summary>Milliseconds before the first retry, doubled with jitter for each further one: 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int RetryDelayMilliseconds { get; set; } = 500;

    /// <summary>The share of failures, within half a minute, that opens the circuit: 0.01 to 1.</summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>How many calls within half a minute it takes to judge: 2 to 10000.</summary>
    [Range(2, 10_000)]
    public int BreakerMinimumCalls { get; set; } = 20;

    /// <summary>Seconds that an open circuit refuses calls before it lets one through to see: 1 to 300.</summary>
    [Range(1, 300)]
    public int BreakSeconds { get; set; } = 5;

    /// <summary>How many calls may be in flight to one service: 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentCalls { get; set; } = 1000;
}

[OptionsValidator]
internal sealed partial class ResilienceOptionsValidator : IValidateOptions<ResilienceOptions>;
