using JanServer.Data.Connections;
using JanServer.McpTools.Calls;
using JanServer.McpTools.Settings;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tools;

/// <summary>
/// Lets a tool work: in its user's turn, for its caller, until its deadline, with what administrators disallow taken out; and has it
/// taken down.
/// </summary>
internal sealed partial class ToolRunner(
    CallGates gates, KeywordFilters filters, CallLedger ledger, CallMetrics metrics, IOptions<ToolOptions> options, TimeProvider clock, ILogger<ToolRunner> logger)
{
    /// <summary>Runs a call; what goes wrong is an outcome.</summary>
    /// <exception cref="McpException">The tool refuses by protocol.</exception>
    /// <exception cref="InputRequiredException">The tool has questions for the client, and is called again with the answers.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public async Task<CallOutcome> RunAsync(ITool tool, ToolCall call, ActiveSettings settings, CancellationToken ct)
    {
        var (startedAt, start) = (clock.GetUtcNow(), clock.GetTimestamp());
        var outcome = CallOutcome.Cancelled(call.Name);
        metrics.Started();
        try
        {
            outcome = await CallAsync(tool, call, settings, ct);
            return outcome;
        }
        catch (InputRequiredException)
        {
            // The call goes on with the answers; what becomes of it is taken down then.
            outcome = null;
            throw;
        }
        catch (McpException e)
        {
            outcome = CallOutcome.Failed(CallFailure.Protocol, e.Message);
            throw;
        }
        finally
        {
            metrics.Stopped();
            if (outcome is not null)
            {
                await ledger.RecordAsync(tool, call, outcome, startedAt, clock.GetElapsedTime(start));
            }
        }
    }

    /// <summary>Takes down a call that its tool is not asked.</summary>
    public async Task<CallOutcome> RefuseAsync(ITool tool, ToolCall call, CallOutcome refusal)
    {
        await ledger.RecordAsync(tool, call, refusal, clock.GetUtcNow(), TimeSpan.Zero);
        return refusal;
    }

    private async Task<CallOutcome> CallAsync(ITool tool, ToolCall call, ActiveSettings settings, CancellationToken ct)
    {
        // Clients of other services are not told for whom, and a call with an idempotency key outlives its request.
        OnBehalfOf.Begin(call.Caller);
        var timeout = options.Value.TimeoutOf(call.Name);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(timeout);
        var hasBegun = false;
        try
        {
            using var turn = await gates.EnterAsync(call.Caller.UserId, deadline.Token);
            if (turn is null)
            {
                return CallOutcome.Refused(CallFailure.Busy, $"The tool '{call.Name}' was not called: too many of your calls wait already. Try again later.");
            }

            hasBegun = true;
            var result = await tool.CallAsync(call, deadline.Token);
            return CallOutcome.Of(filters.Of(settings, call.Name).Apply(result));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return hasBegun
                ? CallOutcome.Failed(CallFailure.Timeout, $"The tool '{call.Name}' did not end within {timeout.TotalSeconds:0} seconds and was stopped.")
                : CallOutcome.Refused(CallFailure.Busy, $"The tool '{call.Name}' was not called: your other calls did not end within {timeout.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is McpException or InputRequiredException)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException || DatabaseFailure.IsOutage(e))
        {
            Log.Unreachable(logger, call.Name, e.GetType().Name);
            return CallOutcome.Failed(CallFailure.Unreachable, $"The tool '{call.Name}' could not be used: a service that it needs cannot be reached. Try again later.");
        }
        catch (Exception e)
        {
            Log.Failed(logger, call.Name, e);
            return CallOutcome.Failed(CallFailure.Internal, $"The tool '{call.Name}' failed because of a fault of this server.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Tool {Tool} could not reach what it needs: {Failure}")]
        public static partial void Unreachable(ILogger logger, string tool, string failure);

        [LoggerMessage(LogLevel.Error, "Tool {Tool} failed")]
        public static partial void Failed(ILogger logger, string tool, Exception exception);
    }
}
