using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace JanServer.ServiceDefaults.Health;

/// <summary>
/// Runs the checks tagged <see cref="HealthDefaults.ReadyTag"/>. However many probes ask, the checks run at most once per second,
/// and concurrent probes share a run. From the moment the process is told to stop, it is not ready.
/// </summary>
internal sealed class Readiness(HealthCheckService checks, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    // Above every check's own timeout: only a check that ignores its cancellation runs into it.
    private static readonly TimeSpan RunDeadline = HealthDefaults.CheckTimeout + TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _run;
    private long _startedAt;

    /// <summary>Whether the process has been told to stop.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>The result of the current run of the checks.</summary>
    /// <exception cref="TimeoutException">A check ignores its timeout.</exception>
    public Task<HealthReport> CheckAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_run is null || (_run.IsCompleted && clock.GetElapsedTime(_startedAt) >= Freshness))
            {
                _startedAt = clock.GetTimestamp();
                _run = RunAsync();
            }

            return _run.WaitAsync(ct);
        }
    }

    // Not with a probe's token: the run belongs to every probe that waits for it.
    private Task<HealthReport> RunAsync() =>
        checks.CheckHealthAsync(check => check.Tags.Contains(HealthDefaults.ReadyTag), lifetime.ApplicationStopped)
            .WaitAsync(RunDeadline, clock);
}
