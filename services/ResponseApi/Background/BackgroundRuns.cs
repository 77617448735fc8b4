using JanServer.Data.Writing;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Background;

/// <summary>Runs a response that this replica has taken, or ends it when it may not run any more.</summary>
internal sealed class BackgroundRuns(
    RunStore store,
    RunEnds ends,
    ResponseQueries queries,
    ResponseRunner runner,
    RunningResponses running,
    CallerStandings callers,
    BatchWriter<LoggedEvent> log,
    ConversationAppends appends,
    IOptions<BackgroundOptions> options)
{
    private const string TooOften = "The response was begun too often without an end.";

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the response has ended, or is in other hands.</summary>
    /// <param name="claim">What was taken.</param>
    /// <param name="stopping">Gives it back to the queue.</param>
    public async Task RunAsync(Claim claim, CancellationToken stopping)
    {
        // One attempt after the last is for saying so properly. When that breaks too, it is the row that is broken.
        if (claim.Attempts > options.Value.MaxAttempts + 1)
        {
            await store.AbandonAsync(claim, stopping);
            return;
        }

        var run = running.Begin(claim.Id, claim.Lease, options.Value.Timeout);
        run.IsLeased = true;
        try
        {
            await using var stop = stopping.Register(() => run.Stop(StopReason.Released));
            if (await queries.FindForRunAsync(claim.Id, stopping) is not { } response)
            {
                return;
            }

            var isShown = await store.ReadShownAsync(response, stopping);
            var journal = new LoggedJournal(run, log, store, ends, appends);
            if (WhyNot(claim) is { } why)
            {
                await runner.FailAsync(response, journal, new("server_error", why));
            }
            else if (await MayRunAsync(claim, response, run, journal))
            {
                response.Progress.Status = ResponseStatus.InProgress;

                // The claim has set it, so that clients see it; to the loop it says that the stream shows the beginning already.
                response.Progress.StartedAt = isShown ? response.Progress.StartedAt : null;
                await runner.RunAsync(response, run, journal);
            }
        }
        finally
        {
            running.End(run);
        }
    }

    private string? WhyNot(Claim claim) =>
        !claim.IsBackground ? "The server that made the response is gone; try again."
        : claim.Attempts > options.Value.MaxAttempts ? TooOften
        : null;

    /// <summary>Asks whether the caller is still allowed. When nobody can say, the response waits for its next attempt.</summary>
    private async Task<bool> MayRunAsync(Claim claim, Response response, RunHandle run, LoggedJournal journal)
    {
        switch (await callers.FindAsync(response.Caller, run.Token))
        {
            case CallerStanding.Refused:
                await runner.FailAsync(response, journal, new(
                    ErrorCodes.PermissionDenied,
                    response.Caller.ApiKeyId is null
                        ? "The account that asked for the response is disabled."
                        : "The API key that asked for the response is not valid any more, or its account is disabled."));
                return false;
            case CallerStanding.Unknown when !run.Token.IsCancellationRequested && claim.Attempts < options.Value.MaxAttempts:
                run.IsLeased = false;
                using (var limit = new CancellationTokenSource(LastWrites))
                {
                    await store.PostponeAsync(claim, PauseAfter(claim), limit.Token);
                }

                return false;
            case CallerStanding.Unknown when !run.Token.IsCancellationRequested:
                await runner.FailAsync(response, journal, new(
                    ErrorCodes.Unavailable, "Whether the account may still use this server could not be found out; try again."));
                return false;
            default:
                // Also for a run that was stopped meanwhile: it then ends as its reason says.
                return true;
        }
    }

    private TimeSpan PauseAfter(Claim claim)
    {
        var pause = options.Value.LeaseTime * (1 << Math.Min(claim.Attempts - 1, 8));
        return pause < LongestPause ? pause : LongestPause;
    }
}
