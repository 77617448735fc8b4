using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using Npgsql;

namespace JanServer.LlmApi.Metering;

/// <summary>Turns what replicas that are gone have left open into usage records. Any number of replicas may do that at once.</summary>
internal sealed class LostExchanges(NpgsqlDataSource database)
{
    private const int MaxRows = 500;

    /// <summary>Records what the replicas left open.</summary>
    /// <returns>How many records this call wrote.</returns>
    public async Task<int> RecordAsync(IReadOnlyCollection<Guid> replicas, CancellationToken ct)
    {
        Guid[] gone = [.. replicas];
        await using var connection = await database.OpenConnectionAsync(ct);
        for (var count = 0; ;)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var taken = await TakeAsync(connection, gone, ct);
            if (taken.Count > 0)
            {
                await UsageWriting.WriteAsync(connection, taken, ct);
            }

            await transaction.CommitAsync(ct);
            count += taken.Count;
            if (taken.Count < MaxRows)
            {
                return count;
            }
        }
    }

    // Each row goes to whoever locks it; the others pass it over. Its record has its id, so even a row that comes back is recorded once.
    private static Task<List<UsageRecord>> TakeAsync(NpgsqlConnection connection, Guid[] replicas, CancellationToken ct) => connection.ListAsync(
        $"""
        WITH taken AS MATERIALIZED (
            SELECT id FROM open_exchanges WHERE replica_id = ANY({replicas}) ORDER BY id LIMIT {MaxRows} FOR UPDATE SKIP LOCKED)
        DELETE FROM open_exchanges AS open USING taken
        WHERE open.id = taken.id
        RETURNING open.id, open.created_at, open.user_id, open.organization_id, open.project_id, open.api_key_id, open.request_id,
            open.operation, open.model, open.provider, open.upstream_model, open.pieces, open.conversation_id,
            (SELECT greatest(0, extract(epoch FROM replicas.seen_at - open.created_at) * 1000)::integer
                FROM replicas WHERE replicas.id = open.replica_id)
        """,
        Read,
        ct);

    private static UsageRecord Read(NpgsqlDataReader row) => new(
        new Id<UsageRecord>(row.GetGuid(0)),
        row.GetFieldValue<DateTimeOffset>(1),
        row.GetGuid(2),
        row.GetGuid(3),
        row.GetGuid(4),
        row.IsDBNull(5) ? null : row.GetGuid(5),
        row.GetString(6),
        row.GetString(7),
        row.GetString(8),
        row.IsDBNull(9) ? null : row.GetString(9),
        row.IsDBNull(10) ? null : row.GetString(10),
        Stream: true,
        LlmMetrics.StatusName(ExchangeStatus.Failed),
        UsageRecord.ReplicaLost,
        FinishReason: null,
        new TokenCounts(0, row.GetInt32(11), row.GetInt32(11), 0, 0),
        Estimated: true,
        row.IsDBNull(13) ? 0 : row.GetInt32(13),
        FirstTokenMs: null)
    {
        ConversationId = row.IsDBNull(12) ? null : row.GetGuid(12),
    };
}
