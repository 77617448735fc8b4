using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Background;

/// <summary>
/// Runs background responses: first those whose replica is gone, then the queue. When the host stops, what runs is given back and goes on
/// elsewhere from its last checkpoint.
/// </summary>
internal sealed partial class BackgroundWorkers(
    RunStore store,
    BackgroundRuns runs,
    Signals signals,
    RunMetrics metrics,
    IOptions<BackgroundOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<BackgroundWorkers> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // As soon as the host is told to stop, before it drains: others can go on at once.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        await Task.WhenAll(Enumerable.Range(0, options.Value.Workers).Select(_ => WorkAsync(stop.Token)));
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var next = signals.Queue.Next;
            try
            {
                if (await TakeAsync(ct) is { } claim)
                {
                    await runs.RunAsync(claim, ct);
                    continue;
                }

                await Pulse.WaitAsync(next, options.Value.Poll, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // What it had is taken over when its lease is over, by this worker too.
                Log.Failed(logger, failure);
                await Pulse.WaitAsync(Task.Delay(Pause, CancellationToken.None), Pause, ct);
            }
        }
    }

    private async Task<Claim?> TakeAsync(CancellationToken ct)
    {
        if (await store.ClaimOrphanAsync(ct) is { } orphan)
        {
            metrics.Claimed(isOrphan: true);
            return orphan;
        }

        if (await store.ClaimQueuedAsync(ct) is { } queued)
        {
            metrics.Claimed(isOrphan: false);
            return queued;
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A background response could not be run")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
