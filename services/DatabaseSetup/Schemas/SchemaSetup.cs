using JanServer.Data.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanServer.DatabaseSetup.Schemas;

/// <summary>
/// Gives every service a login role and a schema of its own in one database, and takes away what would let one service
/// see another's data. Doing it again changes nothing but the passwords, which become those of the configuration.
/// </summary>
internal sealed partial class SchemaSetup(string connectionString, TimeProvider clock, ILogger<SchemaSetup> logger)
{
    private const string AdminConnection = "jan";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the server may take to become reachable.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Runs from configuration.</summary>
    /// <returns>The exit code: 0 when the database is as it should be.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, TimeProvider clock, ILogger<SchemaSetup> logger, CancellationToken ct)
    {
        try
        {
            var connectionString = configuration.GetConnectionString(AdminConnection) is { Length: > 0 } value
                ? value
                : throw new SetupException($"The administrator's connection string 'ConnectionStrings:{AdminConnection}' is missing.");
            await new SchemaSetup(connectionString, clock, logger).ApplyAsync(SchemaRole.Read(configuration), ct);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (SetupException e)
        {
            Log.Failed(logger, e.Message);
            return 1;
        }
        catch (NpgsqlException e)
        {
            Log.Failed(logger, e.Message);
            return 1;
        }
    }

    public async Task ApplyAsync(IReadOnlyList<SchemaRole> roles, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 };
        await using var connection = await ConnectAsync(settings, ct);

        // Two setups at once would race to make the same role. The lock ends with the session.
        await ExecuteAsync(connection, "SELECT pg_advisory_lock(hashtextextended('janserver.setup', 0))", ct);
        await ExecuteAsync(connection, await FormatAsync(connection, "REVOKE ALL ON DATABASE %I FROM PUBLIC", ct, connection.Database), ct);
        await ExecuteAsync(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC", ct);
        foreach (var role in roles)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await ApplyAsync(connection, role, ct);
            await transaction.CommitAsync(ct);
            Log.Ready(logger, role.Name, connection.Database);
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, SchemaRole role, CancellationToken ct)
    {
        var exists = await ScalarAsync(connection, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role.Name, null, ct) is true;
        string[] statements =
        [
            exists ? "ALTER ROLE %1$I LOGIN PASSWORD %2$L" : "CREATE ROLE %1$I LOGIN PASSWORD %2$L",

            // An administrator who is no superuser, as managed servers give one, may only hand a schema to a role it belongs to.
            "GRANT %1$I TO CURRENT_USER",
            "CREATE SCHEMA IF NOT EXISTS %1$I",
            "ALTER SCHEMA %1$I OWNER TO %1$I",
            "REVOKE ALL ON SCHEMA %1$I FROM PUBLIC",
            "GRANT CONNECT, TEMPORARY ON DATABASE %3$I TO %1$I",
            "ALTER ROLE %1$I IN DATABASE %3$I SET search_path = %1$I",
        ];
        var verifier = ScramVerifier.Of(role.Password);
        foreach (var statement in statements)
        {
            await ExecuteAsync(connection, await FormatAsync(connection, statement, ct, role.Name, verifier, connection.Database), ct);
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(NpgsqlConnectionStringBuilder settings, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        for (var reported = false; ; reported = true)
        {
            var connection = new NpgsqlConnection(settings.ConnectionString);
            try
            {
                await connection.OpenAsync(ct);
                return connection;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                await connection.DisposeAsync();
                await CreateDatabaseAsync(settings, ct);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
            {
                await connection.DisposeAsync();
                throw new SetupException(
                    $"The server refused the administrator '{settings.Username}': {e.MessageText}. Check ConnectionStrings:{AdminConnection}.");
            }
            catch (NpgsqlException e) when (DatabaseFailure.IsOutage(e))
            {
                await connection.DisposeAsync();
                if (clock.GetElapsedTime(started) > Deadline)
                {
                    throw new SetupException($"The database was not reachable within {Deadline.TotalSeconds:0} s: {e.Message}");
                }

                if (!reported)
                {
                    Log.Waiting(logger, e.Message);
                }

                await Task.Delay(Pause, clock, ct);
            }
        }
    }

    private async Task CreateDatabaseAsync(NpgsqlConnectionStringBuilder settings, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Database = "postgres" }.ConnectionString);
        await connection.OpenAsync(ct);
        var statement = await FormatAsync(connection, "CREATE DATABASE %I", ct, settings.Database ?? settings.Username!);
        try
        {
            await ExecuteAsync(connection, statement, ct);
            Log.DatabaseCreated(logger, settings.Database);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another setup made it in between.
        }
    }

    /// <summary>Lets the server quote names and literals, which statements that define things do not take as parameters.</summary>
    private static async Task<string> FormatAsync(NpgsqlConnection connection, string statement, CancellationToken ct, params string[] values) =>
        (string)(await ScalarAsync(connection, "SELECT format($1, VARIADIC $2)", statement, values, ct))!;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string query, string text, string[]? values, CancellationToken ct)
    {
#pragma warning disable CA2100 // Constants of this file.
        await using var command = new NpgsqlCommand(query, connection);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        if (values is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = values });
        }

        return await command.ExecuteScalarAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
#pragma warning disable CA2100 // Constants of this file, with names and literals quoted by the server's format().
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Role and schema {Role} are ready in database {Database}")]
        public static partial void Ready(ILogger logger, string role, string database);

        [LoggerMessage(LogLevel.Information, "Made database {Database}")]
        public static partial void DatabaseCreated(ILogger logger, string? database);

        [LoggerMessage(LogLevel.Warning, "Waiting for the database: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "{Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
