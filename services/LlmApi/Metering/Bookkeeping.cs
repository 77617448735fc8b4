using JanServer.Data.Connections;
using JanServer.Data.Writing;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.StoredCompletions;
using Npgsql;

namespace JanServer.LlmApi.Metering;

/// <summary>What is written about one exchange, together or not at all.</summary>
internal sealed record BookEntry(UsageRecord Usage, NewItems? Turn, StoredCompletion? Completion);

/// <summary>
/// Writes what exchanges used and said: the usage, the turn of a conversation, the stored completion, in one transaction, and before the
/// client sees the end of its answer. So an end that was seen is stored, whatever becomes of this process, and nothing is stored twice.
/// Entries of many requests are committed together.
/// </summary>
internal sealed partial class Bookkeeping(BatchWriter<BookEntry> writer, TimeProvider clock, ILogger<Bookkeeping> logger)
{
    // How often a waiting answer looks whether the database is away.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // A database that is only slow is waited for: to end sooner would be to end before the entry is safe.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private volatile bool _hasWarned;

    // Nobody waits for company: while one commit is under way, those that come gather for the next.
    public static BatchWriterOptions Grouping { get; } = new() { MaxDelay = TimeSpan.Zero };

    /// <summary>Writes the entry of an exchange that has ended; the second call for one exchange does nothing.</summary>
    public async ValueTask CloseAsync(Exchange exchange)
    {
        if (exchange.IsClosed)
        {
            return;
        }

        exchange.IsClosed = true;
        var entry = new BookEntry(UsageRecord.Of(exchange), exchange.Keeping?.Turn(exchange) ?? exchange.Items, exchange.Keeping?.Completion(exchange));
        var commit = WriteAsync(entry);
        var start = clock.GetTimestamp();
        while (!writer.IsFailing && clock.GetElapsedTime(start) < Patience)
        {
            await commit.WaitAsync(Look, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (commit.IsCompleted)
            {
                _hasWarned = false;
                await commit;
                return;
            }
        }

        if (!_hasWarned)
        {
            _hasWarned = true;
            Log.Behind(logger);
        }
    }

    /// <summary>Writes entries inside the open transaction of <paramref name="connection"/>.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<BookEntry> entries, CancellationToken ct)
    {
        var turns = entries.Where(entry => entry.Turn is not null).Select(entry => entry.Turn!).ToList();
        if (turns.Count > 0)
        {
            await ItemAppend.AppendAsync(connection, turns, entries.Max(entry => entry.Usage.CreatedAt.AddMilliseconds(entry.Usage.DurationMs)), ct);
        }

        await StoredCompletionStore.AddAsync(
            connection, [.. entries.Where(entry => entry.Completion is not null).Select(entry => entry.Completion!)], ct);

        // The sums are shared with other writers: they come last, so that they are locked for the shortest time.
        await UsageWriting.WriteAsync(connection, [.. entries.Select(entry => entry.Usage)], ct);
    }

    private async Task WriteAsync(BookEntry entry)
    {
        try
        {
            await writer.WriteAsync(entry, CancellationToken.None);
        }
        catch (PostgresException e) when (!DatabaseFailure.IsTransient(e) && (entry.Turn is not null || entry.Completion is not null))
        {
            // What was said cannot be stored; what it used must not be lost with it.
            Log.NotStored(logger, entry.Usage.RequestId, e.SqlState);
            await WriteAsync(entry with { Turn = null, Completion = null });
        }
        catch (Exception e) when (e is PostgresException or InvalidOperationException)
        {
            Log.Lost(logger, e, entry.Usage.RequestId, entry.Usage.Tokens.Prompt, entry.Usage.Tokens.Completion);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The database is away: answers end before they are written, until it is back")]
        public static partial void Behind(ILogger logger);

        [LoggerMessage(LogLevel.Error, "The turn of request {RequestId} cannot be stored ({SqlState})")]
        public static partial void NotStored(ILogger logger, string requestId, string sqlState);

        [LoggerMessage(LogLevel.Error, "The usage of request {RequestId} is lost: {PromptTokens} + {CompletionTokens} tokens")]
        public static partial void Lost(ILogger logger, Exception exception, string requestId, int promptTokens, int completionTokens);
    }
}
