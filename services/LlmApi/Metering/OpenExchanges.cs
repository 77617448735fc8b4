using System.Collections.Concurrent;
using JanServer.Data.Statements;
using JanServer.Data.Writing;
using JanServer.LlmApi.Requests;
using Npgsql;
using NpgsqlTypes;

namespace JanServer.LlmApi.Metering;

/// <summary>A stream as it begins, for whoever finds this replica gone.</summary>
internal sealed record OpenExchange(Exchange Exchange, Guid Replica);

/// <summary>
/// The streams that this replica answers, kept as rows so that what they used is not forgotten when it dies. Nothing waits for the rows:
/// they are written a moment later, together, and not at all for streams that have ended by then.
/// </summary>
internal sealed partial class OpenExchanges(BatchWriter<OpenExchange> writer, TimeProvider clock, ILogger<OpenExchanges> logger)
{
    private readonly ConcurrentDictionary<Guid, (Exchange Exchange, int Pieces)> _open = new();

    /// <summary>Long enough that short answers leave no row, short enough that few pieces are lost with a replica.</summary>
    public static BatchWriterOptions Grouping { get; } = new() { MaxDelay = TimeSpan.FromMilliseconds(100) };

    /// <summary>This process; another one after each start.</summary>
    public Guid Replica { get; } = Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>Notes that a stream begins to be answered. Its usage record ends the note.</summary>
    public void Begin(Exchange exchange)
    {
        if (!exchange.Request.Stream)
        {
            return;
        }

        if (writer.TryEnqueue(new(exchange, Replica)))
        {
            _open[exchange.Id.Value] = (exchange, 0);
        }
        else
        {
            Log.NotKept(logger, exchange.RequestId);
        }
    }

    /// <summary>Writes the streams that have not ended.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<OpenExchange> rows, CancellationToken ct)
    {
        var open = rows.Where(row => !row.Exchange.IsClosed).ToList();
        if (open.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(Insert, connection);
        Add(command, NpgsqlDbType.Uuid, open, row => row.Exchange.Id.Value);
        Add(command, NpgsqlDbType.Uuid, open, row => row.Replica);
        Add(command, NpgsqlDbType.TimestampTz, open, row => row.Exchange.CreatedAt.UtcDateTime);
        Add(command, NpgsqlDbType.Uuid, open, row => row.Exchange.Caller.UserId.Value);
        Add(command, NpgsqlDbType.Uuid, open, row => row.Exchange.Caller.OrganizationId.Value);
        Add(command, NpgsqlDbType.Uuid, open, row => row.Exchange.Caller.ProjectId.Value);
        Add(command, NpgsqlDbType.Uuid, open, row => row.Exchange.Caller.ApiKeyId?.Value);
        Add(command, NpgsqlDbType.Uuid, open, row => row.Exchange.Keeping?.Target?.Id.Value);
        Add(command, NpgsqlDbType.Text, open, row => row.Exchange.RequestId);
        Add(command, NpgsqlDbType.Text, open, row => row.Exchange.Request.Operation.ToName());
        Add(command, NpgsqlDbType.Text, open, row => row.Exchange.Model);
        Add(command, NpgsqlDbType.Text, open, row => row.Exchange.Offer?.Provider.Settings.Name);
        Add(command, NpgsqlDbType.Text, open, row => row.Exchange.Offer?.UpstreamId);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Forgets the streams that have ended; their records are on the way, whatever the database says now.</summary>
    public void Forget()
    {
        foreach (var (id, (exchange, _)) in _open)
        {
            if (exchange.IsClosed)
            {
                _open.TryRemove(id, out _);
            }
        }
    }

    /// <summary>
    /// Says how far the open streams are, and removes the rows of those that ended while their row was on its way. Rows that are just
    /// being ended are passed over, so this never makes an answer wait in a circle.
    /// </summary>
    public async Task RefreshAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var moved = new List<(Guid Id, int Pieces)>();
        foreach (var (id, (exchange, pieces)) in _open)
        {
            if (exchange.Pieces is var now && now != pieces)
            {
                moved.Add((id, now));
            }
        }

        if (moved.Count > 0)
        {
            var (ids, counts) = (moved.Select(one => one.Id).ToArray(), moved.Select(one => one.Pieces).ToArray());
            var said = await connection.ListAsync(
                $"""
                WITH mine AS MATERIALIZED (SELECT id FROM open_exchanges WHERE id = ANY({ids}) ORDER BY id FOR UPDATE SKIP LOCKED)
                UPDATE open_exchanges SET pieces = moved.pieces
                FROM mine JOIN unnest({ids}, {counts}) AS moved (id, pieces) USING (id)
                WHERE open_exchanges.id = mine.id
                RETURNING open_exchanges.id, open_exchanges.pieces
                """,
                row => (Id: row.GetGuid(0), Pieces: row.GetInt32(1)),
                ct);
            foreach (var (id, pieces) in said)
            {
                _open[id] = (_open[id].Exchange, pieces);
            }
        }

        await connection.ExecuteAsync(
            $"""
            WITH ended AS MATERIALIZED (
                SELECT id FROM open_exchanges
                WHERE replica_id = {Replica} AND EXISTS (SELECT FROM usage_records WHERE usage_records.id = open_exchanges.id)
                ORDER BY id FOR UPDATE SKIP LOCKED)
            DELETE FROM open_exchanges USING ended WHERE open_exchanges.id = ended.id
            """,
            ct);
    }

    private const string Insert =
        """
        INSERT INTO open_exchanges (
            id, replica_id, created_at, user_id, organization_id, project_id, api_key_id, conversation_id, request_id, operation, model,
            provider, upstream_model)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS opened (id)
        WHERE NOT EXISTS (SELECT FROM usage_records WHERE usage_records.id = opened.id)
        ON CONFLICT DO NOTHING
        """;

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, List<OpenExchange> rows, Func<OpenExchange, T> value) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Request {RequestId} would leave no usage if this replica died: too many rows wait for the database")]
        public static partial void NotKept(ILogger logger, string requestId);
    }
}
