using System.Diagnostics;
using Aspire.Hosting.Local.Postgres;
using Npgsql;

namespace JanServer.Testing.Databases;

/// <summary>
/// One real PostgreSQL per test process, started by the first test that asks and gone with the process, however it ends.
/// </summary>
public sealed class PostgresServer
{
    private static readonly Lazy<Task<PostgresServer>> Started = new(StartAsync);

    private readonly EmbeddedPostgres _server;
    private readonly NpgsqlDataSource _admin;

    private PostgresServer(EmbeddedPostgres server)
    {
        _server = server;
        _admin = NpgsqlDataSource.Create(server.ConnectionString() + ";Maximum Pool Size=4");
    }

    /// <summary>The server of this process.</summary>
    public static Task<PostgresServer> GetAsync() => Started.Value;

    /// <summary>The superuser's connection string to a database.</summary>
    public string ConnectionString(string database) => _server.ConnectionString(database);

    /// <summary>Runs one statement as superuser in the maintenance database.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = _admin.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var options = new EmbeddedPostgresOptions
        {
            DataDirectory = Path.Combine(Path.GetTempPath(), $"jan-test-pg.{Environment.ProcessId}.{Stopwatch.GetTimestamp():x}"),
            Password = "test",
            Durable = false,
            Ephemeral = true,
        };
        try
        {
            return new PostgresServer(await EmbeddedPostgres.StartAsync(options, CancellationToken.None));
        }
        catch (EmbeddedPostgresException) when (Environment.IsPrivilegedProcess && File.Exists("/etc/debian_version"))
        {
            await InstallAsync();
            return new PostgresServer(await EmbeddedPostgres.StartAsync(options, CancellationToken.None));
        }
    }

    private static async Task InstallAsync()
    {
        foreach (var arguments in (string[][])[["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "postgresql"]])
        {
            var start = new ProcessStartInfo("apt-get", arguments)
            {
                RedirectStandardOutput = true,
                Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
            };
            using var apt = Process.Start(start)!;
            await apt.StandardOutput.ReadToEndAsync();
            await apt.WaitForExitAsync();
        }
    }
}
