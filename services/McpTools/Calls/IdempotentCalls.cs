using JanServer.Data.Connections;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Shutdown;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Calls;

/// <summary>
/// Calls with an idempotency key have their effect once: the first is claimed before it begins, and runs to its end even when its client
/// leaves, unless its client cancels it. Others with the same key wait for it, at this replica or another, and get its result.
/// </summary>
internal sealed partial class IdempotentCalls(
    CallKeyStore keys,
    RunningCalls running,
    CallCancellations cancellations,
    CallLedger ledger,
    DrainDeadline drain,
    IOptions<CallOptions> options,
    TimeProvider clock,
    ILogger<IdempotentCalls> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    // How long an answer waits for the database to keep it.
    private static readonly TimeSpan KeepingTime = TimeSpan.FromSeconds(15);

    /// <summary>Runs a call, or gives the result of the one that had its key before.</summary>
    /// <param name="tool">Its tool.</param>
    /// <param name="call">A call with an idempotency key.</param>
    /// <param name="run">Has the effect. Its token is cancelled when the client cancels the call, or the process must end.</param>
    /// <param name="ct">Ends the wait, not the call.</param>
    /// <exception cref="McpProtocolException">The key was used for another call (-32602).</exception>
    public async Task<CallOutcome> RunAsync(ITool tool, ToolCall call, Func<ToolCall, CancellationToken, Task<CallOutcome>> run, CancellationToken ct)
    {
        if (!CallClaim.IsKey(call.IdempotencyKey))
        {
            throw new McpProtocolException($"An Idempotency-Key has 1 to {CallClaim.MaxKey} characters.", McpErrorCode.InvalidParams);
        }

        // Watched before it is claimed, so that a cancellation cannot come in between.
        var claim = CallClaim.Of(call, clock.GetUtcNow());
        var cancellation = cancellations.Watch(claim);
        var isOurs = false;
        try
        {
            if (await ClaimAsync(tool, call, claim, ct) is { } earlier)
            {
                return earlier;
            }

            isOurs = true;
        }
        finally
        {
            if (!isOurs)
            {
                cancellation.Dispose();
            }
        }

        return await StartAsync(tool, call, claim, run, cancellation, ct);
    }

    /// <summary>Claims the key; or gives the outcome of the call that had it before.</summary>
    private async Task<CallOutcome?> ClaimAsync(ITool tool, ToolCall call, CallClaim claim, CancellationToken ct)
    {
        var pause = FirstPause;
        while (true)
        {
            var held = await keys.ClaimAsync(claim, options.Value.Lease, options.Value.KeyLifetime, ct);
            switch (held.State)
            {
                case KeyState.Ours:
                    return null;
                case KeyState.Done:
                    return await ReplayAsync(tool, call, held.Result!);
                case KeyState.Different:
                    throw new McpProtocolException("The Idempotency-Key was used for a call with another tool or other arguments.", McpErrorCode.InvalidParams);
                case KeyState.Abandoned when MayRepeat(tool):
                    if (await keys.TakeOverAsync(claim, held.Run, options.Value.Lease, ct))
                    {
                        return null;
                    }

                    break;
                case KeyState.Abandoned:
                    var unknown = Unknown(call);
                    if (await keys.CloseAsync(claim, held.Run, unknown.Result, ct))
                    {
                        // Whoever ran it could not take it down.
                        await ledger.RecordAsync(tool, call, unknown, clock.GetUtcNow(), TimeSpan.Zero);
                        return unknown;
                    }

                    break;
                default:
                    await WaitAsync(held.Run, pause, ct);
                    pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
                    break;
            }
        }
    }

    /// <summary>Whether the tool's effect is the same however often it is called.</summary>
    private static bool MayRepeat(ITool tool) => tool.Definition.Annotations is { ReadOnlyHint: true } or { IdempotentHint: true };

    private static CallOutcome Unknown(ToolCall call) => CallOutcome.Failed(
        CallFailure.Unknown,
        $"The outcome of the call of '{call.Name}' is unknown, because the process that ran it ended. The call was not repeated.");

    /// <summary>Runs at its own pace; the client may stop waiting.</summary>
    private Task<CallOutcome> StartAsync(
        ITool tool,
        ToolCall call,
        CallClaim claim,
        Func<ToolCall, CancellationToken, Task<CallOutcome>> run,
        ICallCancellation cancellation,
        CancellationToken ct)
    {
        // The client of a call that goes on without it is told nothing of it.
        var detached = call with { Progress = call.Progress is { } progress ? new WhileThere(progress, ct) : null, Client = call.Client?.Until(ct) };
        var work = OwnAsync(tool, detached, claim, run, cancellation);
        running.Add(claim.Run, work);
        return work.WaitAsync(ct);
    }

    private async Task<CallOutcome> OwnAsync(
        ITool tool, ToolCall call, CallClaim claim, Func<ToolCall, CancellationToken, Task<CallOutcome>> run, ICallCancellation cancellation)
    {
        await Task.Yield();
        using var watched = cancellation;
        using var life = CancellationTokenSource.CreateLinkedTokenSource(drain.Token, watched.Token);
        try
        {
            var outcome = await run(call, life.Token);
            await (outcome.HasRun ? KeepAsync(claim, outcome.Result) : FreeAsync(claim));
            return outcome;
        }
        catch (InputRequiredException)
        {
            // Nothing has happened yet: the same call comes again, with the answers.
            await FreeAsync(claim);
            throw;
        }
        catch (McpException e)
        {
            await KeepAsync(claim, ToolResults.Error(e.Message));
            throw;
        }
        catch (OperationCanceledException) when (watched.Token.IsCancellationRequested)
        {
            // Kept, so that nobody runs again what nobody wants any more.
            var cancelled = CallOutcome.Cancelled(call.Name);
            await KeepAsync(claim, cancelled.Result);
            return cancelled;
        }
        catch (OperationCanceledException) when (drain.Token.IsCancellationRequested)
        {
            await (MayRepeat(tool) ? FreeAsync(claim) : KeepAsync(claim, Unknown(call).Result));
            throw;
        }
    }

    private async Task<CallOutcome> ReplayAsync(ITool tool, ToolCall call, CallToolResult result)
    {
        var outcome = CallOutcome.Of(result);
        await ledger.ReplayAsync(tool, call, outcome);
        return outcome;
    }

    private async Task WaitAsync(Guid run, TimeSpan pause, CancellationToken ct)
    {
        if (running.Find(run) is { } work)
        {
            await work.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
            return;
        }

        await Task.Delay(pause, ct);
    }

    private Task KeepAsync(CallClaim claim, CallToolResult result)
    {
        var json = CallText.Write(result);
        if (json.Length > options.Value.MaxResultBytes)
        {
            json = CallText.Write(ToolResults.Error($"The result of this call was given before. It was too large to be kept: {json.Length} bytes."));
        }

        return PersistAsync(claim, ct => keys.CompleteAsync(claim, json, ct));
    }

    private Task FreeAsync(CallClaim claim) => PersistAsync(claim, ct => keys.ReleaseAsync(claim, ct));

    /// <summary>Tries for a while. What is not kept then is an abandoned call to those who ask later: its lease ends.</summary>
    private async Task PersistAsync(CallClaim claim, Func<CancellationToken, Task> write)
    {
        using var time = new CancellationTokenSource(KeepingTime);
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await write(time.Token);
                return;
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e) || e is OperationCanceledException)
            {
                if (time.IsCancellationRequested)
                {
                    Log.NotKept(logger, claim.Tool, e.GetType().Name);
                    return;
                }
            }

            await Task.Delay(pause, CancellationToken.None);
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
        }
    }

    private sealed class WhileThere(IProgress<ProgressNotificationValue> client, CancellationToken gone) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value)
        {
            if (!gone.IsCancellationRequested)
            {
                client.Report(value);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The result of a call of {Tool} could not be kept for its idempotency key: {Failure}")]
        public static partial void NotKept(ILogger logger, string tool, string failure);
    }
}
