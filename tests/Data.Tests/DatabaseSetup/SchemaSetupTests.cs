using System.Collections.Concurrent;
using JanServer.DatabaseSetup.Schemas;
using JanServer.Testing.Databases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace JanServer.Data.Tests.DatabaseSetup;

public sealed class SchemaSetupTests
{
    [Fact]
    public async Task A_service_works_in_its_own_schema_without_naming_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        var role = NewRole();
        await SetUpAsync(database, role);

        await using var service = Connect(database, role);
        await ExecuteAsync(service, "CREATE TABLE notes (text text)");
        await ExecuteAsync(service, "INSERT INTO notes VALUES ('mine')");

        Assert.Equal(1L, await database.ScalarAsync<long>($"SELECT count(*) FROM {role.Name}.notes"));
    }

    [Theory]
    [InlineData("SELECT * FROM {0}.secrets", "42501")]
    [InlineData("INSERT INTO {0}.secrets VALUES ('x')", "42501")]
    [InlineData("CREATE TABLE {0}.mine ()", "42501")]
    [InlineData("DROP SCHEMA {0} CASCADE", "42501")]
    [InlineData("SET ROLE {0}", "42501")]
    [InlineData("CREATE TABLE public.shared ()", "42501")]
    [InlineData("CREATE SCHEMA another", "42501")]
    [InlineData("ALTER ROLE {0} PASSWORD 'x'", "42501")]
    public async Task A_service_cannot_reach_what_is_another_services(string attempt, string refusal)
    {
        await using var database = await TestDatabase.CreateAsync();
        var (mallory, alice) = (NewRole(), NewRole());
        await SetUpAsync(database, mallory, alice);
        await using var victim = Connect(database, alice);
        await ExecuteAsync(victim, "CREATE TABLE secrets (text text)");

        await using var attacker = Connect(database, mallory);
        var e = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(attacker, attempt.Replace("{0}", alice.Name, StringComparison.Ordinal)));

        Assert.Equal(refusal, e.SqlState);
    }

    [Fact]
    public async Task A_role_that_was_not_set_up_cannot_even_connect()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        var role = NewRole();
        await SetUpAsync(other, role);
        await SetUpAsync(database, NewRole());

        await using var stranger = Connect(database, role);
        var e = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(stranger, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, e.SqlState);
    }

    [Fact]
    public async Task Doing_it_again_keeps_the_data_and_takes_the_new_password()
    {
        await using var database = await TestDatabase.CreateAsync();
        var role = NewRole();
        await SetUpAsync(database, role);
        await using (var before = Connect(database, role))
        {
            await ExecuteAsync(before, "CREATE TABLE notes AS SELECT 'kept' AS text");
        }

        var changed = role with { Password = "an'other\"pass\\word%" };
        await SetUpAsync(database, changed);

        await using var after = Connect(database, changed);
        await ExecuteAsync(after, "SELECT text FROM notes");
        await using var old = Connect(database, role);
        var e = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(old, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, e.SqlState);
    }

    [Fact]
    public async Task Two_setups_at_once_both_succeed()
    {
        await using var database = await TestDatabase.CreateAsync();
        var roles = new[] { NewRole(), NewRole() };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SetUpAsync(database, roles)));

        await using var service = Connect(database, roles[1]);
        await ExecuteAsync(service, "CREATE TABLE notes ()");
    }

    [Fact]
    public async Task A_missing_database_is_made()
    {
        var server = await PostgresServer.GetAsync();
        var name = $"made_{Guid.CreateVersion7():N}";
        var role = NewRole();

        await new SchemaSetup(server.ConnectionString(name), TimeProvider.System, NullLogger<SchemaSetup>.Instance).ApplyAsync([role], CancellationToken.None);

        await using var service = NpgsqlDataSource.Create(AsRole(server.ConnectionString(name), role));
        await ExecuteAsync(service, "CREATE TABLE notes ()");
    }

    [Fact]
    public async Task No_password_is_logged()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = new RecordingLogger();

        var exit = await SchemaSetup.RunAsync(
            Configuration(("ConnectionStrings:jan", database.ConnectionString), ("Schemas:quiet_role:Password", "do-not-print-me")),
            TimeProvider.System, log, CancellationToken.None);

        Assert.Equal(0, exit);
        Assert.Contains(log.Lines, line => line.Contains("quiet_role", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("do-not-print-me", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Schemas:llm_api:Password", "", "Schemas:llm_api:Password is missing")]
    [InlineData("Schemas:pg_monitor:Password", "x", "'pg_monitor' cannot be a service's role")]
    [InlineData("Schemas:a-b:Password", "x", "'a-b' cannot be a service's role")]
    [InlineData("Schemas:llm_api:Password", "päss", "other than printable ASCII")]
    [InlineData("Other", "x", "No schema is configured")]
    public async Task A_wrong_configuration_ends_with_a_sentence(string key, string value, string sentence)
    {
        var log = new RecordingLogger();

        var exit = await SchemaSetup.RunAsync(
            Configuration(("ConnectionStrings:jan", "Host=127.0.0.1"), (key, value)), TimeProvider.System, log, CancellationToken.None);

        Assert.Equal(1, exit);
        Assert.Contains(log.Lines, line => line.Contains(sentence, StringComparison.Ordinal));
    }

    private static SchemaRole NewRole() => new($"role_{Guid.CreateVersion7():N}", "p'ass\\w%o$rd");

    private static Task SetUpAsync(TestDatabase database, params SchemaRole[] roles) =>
        new SchemaSetup(database.ConnectionString, TimeProvider.System, NullLogger<SchemaSetup>.Instance).ApplyAsync(roles, CancellationToken.None);

    private static NpgsqlDataSource Connect(TestDatabase database, SchemaRole role) => NpgsqlDataSource.Create(AsRole(database.ConnectionString, role));

    private static string AsRole(string connectionString, SchemaRole role) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = role.Name, Password = role.Password }.ConnectionString;

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build();

    private sealed class RecordingLogger : ILogger<SchemaSetup>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);
    }
}
