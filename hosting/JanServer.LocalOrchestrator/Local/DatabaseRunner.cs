using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Aspire.Hosting.Local;

/// <summary>Makes a database when its server is up.</summary>
internal sealed class DatabaseRunner(PostgresDatabaseResource database, RunContext context) : ResourceRunner(database, context)
{
    protected override async Task RunAsync(CancellationToken stopping)
    {
        Update(s => s with { State = KnownResourceStates.Starting, Reason = null });
        var server = new NpgsqlConnectionStringBuilder(await database.Parent.GetConnectionStringAsync(stopping)) { Pooling = false };
        server.Database ??= "postgres";
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(stopping);
        await CreateAsync(connection, stopping);
        Update(s => Ready(s) with { StartedAt = Context.Clock.GetUtcNow() });
        await ReadyAsync(stopping);
    }

    protected override Task StopCoreAsync(TimeSpan grace) => Task.CompletedTask;

    private async Task CreateAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var known = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        known.Parameters.AddWithValue(database.DatabaseName);
        if (await known.ExecuteScalarAsync(ct) is not null)
        {
            return;
        }

        // CREATE DATABASE takes no parameters; a quoted name cannot end its quotation.
        var name = database.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal);
#pragma warning disable CA2100 // The text is the AppHost's own, quoted above.
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\"", connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(ct);
    }
}
