using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.ResponseApi.Background;

/// <summary>
/// Prolongs the leases of all runs of this replica, by one statement, and stops those that it has lost. When the database does not answer
/// for as long as a lease holds, another replica may have taken over: then they stop too.
/// </summary>
internal sealed partial class LeaseKeeper(
    RunningResponses running,
    RunStore store,
    RunMetrics metrics,
    IOptions<BackgroundOptions> options,
    TimeProvider clock,
    ILogger<LeaseKeeper> logger) : BackgroundService
{
    /// <summary>One round.</summary>
    public async Task KeepAsync(CancellationToken ct)
    {
        var runs = running.All.Where(run => run.IsLeased).ToList();
        if (runs.Count == 0)
        {
            return;
        }

        var now = clock.GetTimestamp();
        try
        {
            var good = await store.ProlongAsync([.. runs.Select(run => run.Lease)], ct);
            foreach (var run in runs)
            {
                if (good.Contains(run.Lease))
                {
                    run.ProvenAt = now;
                }
                else if (run.IsLeased)
                {
                    run.Stop(await store.WhyLostAsync(run, ct));
                }
            }
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            Log.Failed(logger, (failure as PostgresException)?.SqlState ?? failure.GetType().Name);
            foreach (var run in runs.Where(run => clock.GetElapsedTime(run.ProvenAt) > options.Value.LeaseTime))
            {
                run.Stop(StopReason.Lost);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Heartbeat, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await KeepAsync(stoppingToken);
            await CountAsync(stoppingToken);
        }
    }

    private async Task CountAsync(CancellationToken ct)
    {
        try
        {
            metrics.Queued = await store.CountQueuedAsync(ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            Log.NotCounted(logger, (failure as PostgresException)?.SqlState ?? failure.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not prolong the leases of running responses: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Debug, "The queue could not be counted: {Reason}")]
        public static partial void NotCounted(ILogger logger, string reason);
    }
}
