using JanServer.Data.Writing;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Responses;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Background;

/// <summary>
/// Runs background responses: first those whose replica is gone, then the queue. When the host stops, what runs is given back and goes on
/// elsewhere from its last checkpoint.
/// </summary>
internal sealed partial class BackgroundWorkers(
    RunStore store,
    RunEnds ends,
    ResponseQueries queries,
    ResponseRunner runner,
    RunningResponses running,
    BatchWriter<LoggedEvent> log,
    ConversationAppends appends,
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
                    await RunAsync(claim, ct);
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

    private async Task RunAsync(Claim claim, CancellationToken ct)
    {
        // One attempt after the last is for saying so properly. When that breaks too, it is the row that is broken.
        if (claim.Attempts > options.Value.MaxAttempts + 1)
        {
            await store.AbandonAsync(claim, ct);
            return;
        }

        var run = running.Begin(claim.Id, claim.Lease, options.Value.Timeout);
        run.IsLeased = true;
        try
        {
            await using var stop = ct.Register(() => run.Stop(StopReason.Released));
            if (await queries.FindForRunAsync(claim.Id, ct) is not { } response)
            {
                return;
            }

            await store.ReadShownAsync(response, ct);
            var journal = new LoggedJournal(run, log, store, ends, appends);
            if (!claim.IsBackground)
            {
                await runner.FailAsync(response, journal, "The server that made the response is gone; try again.");
            }
            else if (claim.Attempts > options.Value.MaxAttempts)
            {
                await runner.FailAsync(response, journal, "The response was begun too often without an end.");
            }
            else
            {
                response.Progress.Status = ResponseStatus.InProgress;

                // The claim has set it, so that clients see it; to the loop it says that somebody was here before.
                response.Progress.StartedAt = claim.Attempts > 1 ? response.Progress.StartedAt : null;
                await runner.RunAsync(response, run, journal);
            }
        }
        finally
        {
            running.End(run);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A background response could not be run")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
