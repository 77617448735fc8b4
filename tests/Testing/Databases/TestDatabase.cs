using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using JanServer.Data.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace JanServer.Testing.Databases;

/// <summary>
/// A database of a test class's own, copied from a template that carries a service's migrations, so that no class sees
/// another's rows and none pays for the migrations.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<Assembly, Lazy<Task<string>>> Templates = new();

    // A template with a session on it cannot be copied, and copying two at once is such a session.
    private static readonly SemaphoreSlim Copying = new(1);
    private static int _count;

    private readonly PostgresServer _server;
    private readonly string _name;

    private TestDatabase(PostgresServer server, string name)
    {
        _server = server;
        _name = name;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    /// <summary>Connects as the owner of everything in it; the pool is small so that many classes fit one server.</summary>
    public string ConnectionString => _server.ConnectionString(_name) + ";Maximum Pool Size=10";

    /// <summary>A pool for the test itself.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>Makes a database with the migrations that <paramref name="migrations"/> embeds; empty when null.</summary>
    public static async Task<TestDatabase> CreateAsync(Assembly? migrations = null)
    {
        var server = await PostgresServer.GetAsync();
        var template = migrations is null
            ? "template1"
            : await Templates.GetOrAdd(migrations, assembly => new(() => MakeTemplateAsync(server, assembly))).Value;
        var name = NextName("test");
        await Copying.WaitAsync();
        try
        {
            await server.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        }
        finally
        {
            Copying.Release();
        }

        return new TestDatabase(server, name);
    }

    /// <summary>Runs a statement.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Makes the database disappear: open connections break and new ones fail, until <see cref="ComeBackAsync"/>.</summary>
    public Task GoAwayAsync() => Eventually.Succeeds(async () =>
    {
        await _server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name}'");
        await _server.ExecuteAsync($"ALTER DATABASE {_name} RENAME TO {_name}_away");
    });

    /// <summary>Ends what <see cref="GoAwayAsync"/> began, with all data.</summary>
    public Task ComeBackAsync() => _server.ExecuteAsync($"ALTER DATABASE {_name}_away RENAME TO {_name}");

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _server.ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
        await _server.ExecuteAsync($"DROP DATABASE IF EXISTS {_name}_away WITH (FORCE)");
    }

    private static async Task<string> MakeTemplateAsync(PostgresServer server, Assembly assembly)
    {
        var name = NextName("template_of");
        await server.ExecuteAsync($"CREATE DATABASE {name}");
        await using var database = NpgsqlDataSource.Create(server.ConnectionString(name) + ";Pooling=false");
        await new Migrator(database, TimeProvider.System, NullLogger<Migrator>.Instance).ApplyAsync(MigrationSet.Of(assembly), CancellationToken.None);
        return name;
    }

    private static string NextName(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{Interlocked.Increment(ref _count)}");
}
