using JanServer.ResponseApi.Background;
using Npgsql;
using NpgsqlTypes;

namespace JanServer.ResponseApi.EventLog;

/// <summary>An event on its way to the log.</summary>
/// <param name="Lease">Under which it is written: what a replica says after it has lost the response is not logged.</param>
internal sealed record LoggedEvent(Guid ResponseId, Guid Lease, long Sequence, string Type, ReadOnlyMemory<byte> Data)
{
    // Locked, so that no other replica can take a response over between the look at its lease and the commit.
    private const string Insert =
        """
        WITH event AS (
            SELECT * FROM unnest($1, $2, $3, $4, $5) AS e (response_id, lease, sequence, type, data)
        ), owned AS (
            SELECT id, lease FROM responses WHERE id = ANY ($1) AND status = 'in_progress' ORDER BY id FOR SHARE
        ), added AS (
            INSERT INTO response_events (response_id, sequence, type, data)
            SELECT event.response_id, event.sequence, event.type, event.data
            FROM event JOIN owned ON owned.id = event.response_id AND owned.lease = event.lease
            ON CONFLICT DO NOTHING
            RETURNING response_id
        )
        SELECT pg_notify($6, 'e:' || replace(response_id::text, '-', '')) FROM (SELECT DISTINCT response_id FROM added) AS streams
        """;

    /// <summary>Writes events of any number of responses and wakes their readers.</summary>
    public static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<LoggedEvent> events, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        Add(command, NpgsqlDbType.Uuid, [.. events.Select(logged => logged.ResponseId)]);
        Add(command, NpgsqlDbType.Uuid, [.. events.Select(logged => logged.Lease)]);
        Add(command, NpgsqlDbType.Bigint, [.. events.Select(logged => logged.Sequence)]);
        Add(command, NpgsqlDbType.Text, [.. events.Select(logged => logged.Type)]);
        Add(command, NpgsqlDbType.Bytea, [.. events.Select(logged => logged.Data.ToArray())]);
        command.Parameters.Add(new() { Value = Signals.Channel });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
