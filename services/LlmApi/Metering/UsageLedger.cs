using JanServer.Data.Writing;

namespace JanServer.LlmApi.Metering;

/// <summary>Keeps what requests used. Rows of many requests are written together, after their answers and off their path.</summary>
internal sealed partial class UsageLedger(BatchWriter<UsageRecord> writer, TimeProvider clock, ILogger<UsageLedger> logger)
{
    // The queue is only full when the database has been away for long; answers must not wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async ValueTask RecordAsync(Exchange exchange)
    {
        var record = UsageRecord.Of(exchange);
        try
        {
            var queued = writer.EnqueueAsync(record, CancellationToken.None);
            if (queued.IsCompletedSuccessfully)
            {
                return;
            }

            await queued.AsTask().WaitAsync(Patience, clock);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            Log.Lost(logger, record.RequestId, record.Tokens.Prompt, record.Tokens.Completion);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The usage of request {RequestId} is lost: {PromptTokens} + {CompletionTokens} tokens")]
        public static partial void Lost(ILogger logger, string requestId, int promptTokens, int completionTokens);
    }
}
