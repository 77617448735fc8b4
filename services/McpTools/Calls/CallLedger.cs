using JanServer.Data.Connections;
using JanServer.Data.Writing;
using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Calls;

/// <summary>Takes down what became of calls, and what conversations are to be told of them.</summary>
internal sealed partial class CallLedger(
    BatchWriter<CallEntry> writer,
    CallMetrics metrics,
    ReportSignal signal,
    IOptions<CallOptions> options,
    TimeProvider clock,
    ILogger<CallLedger> logger)
{
    // An answer does not wait longer for the database; the row is written when the database is back.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Takes down a call that has ended. A report is committed before the call is answered, as long as the database answers.</summary>
    public Task RecordAsync(ITool tool, ToolCall call, CallOutcome outcome, DateTimeOffset startedAt, TimeSpan duration)
    {
        var record = CallRecord.Of(tool, call, outcome, startedAt, duration);
        metrics.Ended(record, tool.Provider is not null, duration);
        return WriteAsync(record, ReportOf(tool, call, outcome));
    }

    /// <summary>Has the conversation told of a result that is an earlier call's: whoever took that down may not have come to it.</summary>
    public Task ReplayAsync(ITool tool, ToolCall call, CallOutcome outcome)
    {
        metrics.Replayed();
        return ReportOf(tool, call, outcome) is { } report ? WriteAsync(null, report) : Task.CompletedTask;
    }

    private CallReport? ReportOf(ITool tool, ToolCall call, CallOutcome outcome) =>
        options.Value.Tracking ? CallReport.Of(tool, call, outcome, clock.GetUtcNow()) : null;

    private async Task WriteAsync(CallRecord? record, CallReport? report)
    {
        var entry = new CallEntry(record, report);
        if (report is null)
        {
            if (!writer.TryEnqueue(entry))
            {
                Log.Lost(logger, record!.Tool);
            }

            return;
        }

        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await writer.WriteAsync(entry, patience.Token);
            signal.Raise();
        }
        catch (OperationCanceledException)
        {
            Log.Waiting(logger);
        }
        catch (Exception e) when (e is InvalidOperationException || DatabaseFailure.IsTransient(e) || e is Npgsql.PostgresException)
        {
            Log.Refused(logger, e.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A call of tool {Tool} is not in the ledger: too many wait to be written")]
        public static partial void Lost(ILogger logger, string tool);

        [LoggerMessage(LogLevel.Warning, "A call waits for the database to be taken down")]
        public static partial void Waiting(ILogger logger);

        [LoggerMessage(LogLevel.Error, "A call could not be taken down: {Failure}")]
        public static partial void Refused(ILogger logger, string failure);
    }
}
