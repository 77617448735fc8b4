using JanServer.Contracts.Ids;
using JanServer.Data.Writing;
using Npgsql;

namespace JanServer.LlmApi.Shares;

/// <summary>That a share was read.</summary>
internal readonly record struct ShareView(Id<ConversationShare> Share, DateTimeOffset At);

/// <summary>
/// Counts views. Those of a while are added together, off the path of the readers. After a lost connection some may count twice.
/// </summary>
internal sealed partial class ShareViews(BatchWriter<ShareView> writer, TimeProvider clock, ILogger<ShareViews> logger)
{
    /// <summary>How views are grouped: many of one share become one write.</summary>
    public static BatchWriterOptions Grouping { get; } = new() { MaxRows = 2000, MaxDelay = TimeSpan.FromMilliseconds(500) };

    public async ValueTask CountAsync(Id<ConversationShare> share, CancellationToken ct)
    {
        try
        {
            // Waits only while the queue is full, which holds up those who read too fast.
            await writer.EnqueueAsync(new(share, clock.GetUtcNow()), ct);
        }
        catch (InvalidOperationException)
        {
            Log.Lost(logger, share.ToString());
        }
    }

    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<ShareView> views, CancellationToken ct)
    {
        var byShare = views
            .GroupBy(view => view.Share.Value)
            .Select(group => (Share: group.Key, Count: group.LongCount(), Last: group.Max(view => view.At).UtcDateTime))
            .ToArray();
        await using var command = new NpgsqlCommand(Add, connection);
        command.Parameters.Add(new() { Value = Array.ConvertAll(byShare, one => one.Share) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(byShare, one => one.Count) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(byShare, one => one.Last) });
        await command.ExecuteNonQueryAsync(ct);
    }

    // Rows are locked in the order of their ids, so replicas that count the same shares take turns.
    private const string Add =
        """
        WITH views AS (
            SELECT s.id, v.count, v.last
            FROM conversation_shares AS s
            JOIN unnest($1, $2, $3) AS v (id, count, last) ON v.id = s.id
            ORDER BY s.id
            FOR NO KEY UPDATE OF s
        )
        UPDATE conversation_shares AS s
        SET view_count = s.view_count + views.count, last_viewed_at = greatest(s.last_viewed_at, views.last)
        FROM views WHERE s.id = views.id
        """;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A view of {Share} is not counted: the service is stopping")]
        public static partial void Lost(ILogger logger, string share);
    }
}
