using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Background;

/// <summary>
/// Runs a response to its end, and sees to what is left when it is made to stop: a client that left, a cancellation, a deadline, a lease
/// that is lost, a replica that stops.
/// </summary>
internal sealed partial class ResponseRunner(AgentLoop loop, RunStore store, RunMetrics metrics, TimeProvider clock, ILogger<ResponseRunner> logger)
{
    // For the last writes of a run whose own token is cancelled.
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the response has ended, or is in other hands.</summary>
    public async Task RunAsync(Response response, RunHandle run, IRunJournal journal)
    {
        var began = clock.GetTimestamp();
        response.IsGivenUp = () => run.Reason is StopReason.Cancelled or StopReason.ClientGone or StopReason.TimedOut;
        try
        {
            await loop.RunAsync(response, journal, run.Token);
        }
        catch (OperationCanceledException) when (run.Reason != StopReason.None)
        {
            await StopAsync(response, run, journal);
        }
        catch (Exception failure)
        {
            Log.Failed(logger, failure, response.Id.ToString());
            await FailAsync(response, journal, new("server_error", "The server failed while it made the response."));
        }

        metrics.Ended(response, run.Reason, clock.GetElapsedTime(began));
    }

    private async Task StopAsync(Response response, RunHandle run, IRunJournal journal)
    {
        Log.Stopped(logger, response.Id.ToString(), run.Reason);
        using var limit = new CancellationTokenSource(LastWrites);
        switch (run.Reason)
        {
            case StopReason.ClientGone:
                response.Progress.Cancel(clock.GetUtcNow());
                await EndAsync(response, journal, limit.Token);
                break;
            case StopReason.TimedOut:
                await FailAsync(response, journal, new("server_error", "The response took longer than this server lets one take."));
                break;
            case StopReason.Released when response.Request.Background:
                await store.ReleaseAsync(run, limit.Token);
                break;
            case StopReason.Released:
                await FailAsync(response, journal, new("server_error", "The server was stopped while it made the response; try again."));
                break;
            default:
                response.Progress.Cancel(clock.GetUtcNow());
                await store.SaveProducedAsync(response, run.Lease, limit.Token);
                break;
        }
    }

    /// <summary>Ends a response as failed; what was finished until then stays.</summary>
    public async Task FailAsync(Response response, IRunJournal journal, RunError error)
    {
        using var limit = new CancellationTokenSource(LastWrites);
        response.Progress.Status = ResponseStatus.Failed;
        response.Progress.Error ??= error;
        await EndAsync(response, journal, limit.Token);
    }

    private async Task EndAsync(Response response, IRunJournal journal, CancellationToken ct)
    {
        response.Progress.EndedAt ??= clock.GetUtcNow();
        try
        {
            await journal.EmitAsync(EndEvents.For(response), ct);
            await journal.CheckpointAsync(response, ct);
        }
        catch (OperationCanceledException)
        {
            // It ended, or went to another replica, before this one could write: there the truth is.
            Log.NotMine(logger, response.Id.ToString());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The run of {Response} failed")]
        public static partial void Failed(ILogger logger, Exception failure, string response);

        [LoggerMessage(LogLevel.Information, "The run of {Response} was stopped: {Reason}")]
        public static partial void Stopped(ILogger logger, string response, StopReason reason);

        [LoggerMessage(LogLevel.Information, "The end of {Response} was not written here: it is not this replica's any more, or the database did not answer")]
        public static partial void NotMine(ILogger logger, string response);
    }
}
