using JanServer.Data.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanServer.Data.Schema;

/// <summary>
/// Brings a service's own schema up to date: forward only, each step in a transaction of its own, one replica at a time.
/// A database that is newer than the code is left as it is, so that the previous version can come back.
/// </summary>
public sealed partial class Migrator(NpgsqlDataSource database, TimeProvider clock, ILogger<Migrator> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the database may take to become reachable, and how long another replica may hold the lock.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="MigrationException">The database does not fit the code, or was not reachable in time.</exception>
    public async Task ApplyAsync(MigrationSet migrations, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(migrations);
        if (migrations.Migrations.Count == 0)
        {
            return;
        }

        var started = clock.GetTimestamp();
        await using var connection = await ConnectAsync(started, ct);
        var schema = await SchemaAsync(connection, ct);
        await LockAsync(connection, schema, started, ct);
        try
        {
            await ApplyAsync(connection, schema, migrations.Migrations, ct);
        }
        finally
        {
            // The connection goes back to the pool, and the lock belongs to the session.
            await ExecuteAsync(connection, "SELECT pg_advisory_unlock_all()", CancellationToken.None);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, string schema, IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                number integer PRIMARY KEY,
                name text NOT NULL,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL,
                duration_ms bigint NOT NULL)
            """,
            ct);
        var applied = await AppliedAsync(connection, ct);
        Compare(schema, migrations, applied);
        foreach (var migration in migrations.Where(migration => !applied.ContainsKey(migration.Number)))
        {
            var start = clock.GetTimestamp();
            await ApplyAsync(connection, migration, ct);
            Log.Applied(logger, migration.Number, migration.Name, schema, (long)clock.GetElapsedTime(start).TotalMilliseconds);
        }

        var newest = applied.Count > 0 ? applied.Keys.Max() : 0;
        if (newest > migrations.Count)
        {
            Log.DatabaseIsNewer(logger, schema, newest, migrations.Count);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        try
        {
            if (migration.InTransaction)
            {
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await ExecuteAsync(connection, "SET LOCAL lock_timeout = '30s'", ct);
                await ExecuteAsync(connection, migration.Sql, ct);
                await RecordAsync(connection, migration, clock.GetElapsedTime(start), ct);
                await transaction.CommitAsync(ct);
            }
            else
            {
                await ExecuteAsync(connection, migration.Sql, ct);
                await RecordAsync(connection, migration, clock.GetElapsedTime(start), ct);
            }
        }
        catch (PostgresException e)
        {
            throw new MigrationException(
                $"Migration {migration.Number:0000}_{migration.Name} failed: {e.SqlState} {e.MessageText}", e);
        }
    }

    private static void Compare(string schema, IReadOnlyList<Migration> migrations, Dictionary<int, string> applied)
    {
        foreach (var migration in migrations)
        {
            if (applied.TryGetValue(migration.Number, out var checksum))
            {
                if (checksum != migration.Checksum)
                {
                    throw new MigrationException(
                        $"Migration {migration.Number:0000}_{migration.Name} was changed after it was applied to schema '{schema}'. "
                        + "Restore the file as it was released and put the change into a new migration.");
                }
            }
            else if (applied.Keys.Any(number => number > migration.Number))
            {
                throw new MigrationException(
                    $"Migration {migration.Number:0000}_{migration.Name} was never applied to schema '{schema}', but a later one was "
                    + $"({applied.Keys.Max():0000}). Give it the next free number.");
            }
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(long started, CancellationToken ct)
    {
        for (var reported = false; ; reported = true)
        {
            try
            {
                return await database.OpenConnectionAsync(ct);
            }
            catch (PostgresException e) when (e.SqlState.StartsWith("28", StringComparison.Ordinal) || e.SqlState.StartsWith("3D", StringComparison.Ordinal))
            {
                throw new MigrationException(
                    $"The database refused the connection: {e.MessageText}. Check the connection string; DatabaseSetup makes the role and its schema.", e);
            }
            catch (NpgsqlException e) when (DatabaseFailure.IsOutage(e))
            {
                if (clock.GetElapsedTime(started) > Deadline)
                {
                    throw new MigrationException($"The database was not reachable within {Deadline.TotalSeconds:0} s: {e.Message}", e);
                }

                if (!reported)
                {
                    Log.Waiting(logger, e.Message);
                }

                await Task.Delay(Pause, clock, ct);
            }
        }
    }

    private static async Task<string> SchemaAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT current_schema(), current_user", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return await reader.IsDBNullAsync(0, ct)
            ? throw new MigrationException($"The role '{reader.GetString(1)}' has no schema of its own. Run DatabaseSetup first.")
            : reader.GetString(0);
    }

    // Asking again and again instead of waiting in the server: a session that waits there holds a snapshot, and
    // CREATE INDEX CONCURRENTLY of the replica that has the lock would wait for that snapshot for ever.
    private async Task LockAsync(NpgsqlConnection connection, string schema, long started, CancellationToken ct)
    {
        while (true)
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended('janserver.migrations.' || $1, 0))", connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
            if (await command.ExecuteScalarAsync(ct) is true)
            {
                return;
            }

            if (clock.GetElapsedTime(started) > Deadline)
            {
                throw new MigrationException($"Another replica has been migrating schema '{schema}' for more than {Deadline.TotalSeconds:0} s.");
            }

            await Task.Delay(Pause, clock, ct);
        }
    }

    private static async Task<Dictionary<int, string>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT number, checksum FROM schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var applied = new Dictionary<int, string>();
        while (await reader.ReadAsync(ct))
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    private async Task RecordAsync(NpgsqlConnection connection, Migration migration, TimeSpan duration, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO schema_migrations (number, name, checksum, applied_at, duration_ms) VALUES ($1, $2, $3, $4, $5)", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = migration.Number });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Checksum });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)duration.TotalMilliseconds });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
#pragma warning disable CA2100 // The text is a constant here or an embedded migration, never input.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Applied migration {Number} {Name} to schema {Schema} in {DurationMs} ms")]
        public static partial void Applied(ILogger logger, int number, string name, string schema, long durationMs);

        [LoggerMessage(LogLevel.Warning, "Schema {Schema} is at migration {Applied}, this version of the service knows {Known}; it is left as it is")]
        public static partial void DatabaseIsNewer(ILogger logger, string schema, int applied, int known);

        [LoggerMessage(LogLevel.Warning, "Waiting for the database: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
