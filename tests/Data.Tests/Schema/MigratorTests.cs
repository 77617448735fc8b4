using JanServer.Data.Schema;
using JanServer.Testing.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace JanServer.Data.Tests.Schema;

public sealed class MigratorTests
{
    [Fact]
    public async Task Embedded_migrations_are_applied_in_order_and_recorded_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var migrations = MigrationSet.Of(typeof(MigratorTests).Assembly);

        await ApplyAsync(database, migrations);
        await ApplyAsync(database, migrations);

        Assert.Equal("widgets,widgets_by_owner", await database.ScalarAsync<string>("SELECT string_agg(name, ',' ORDER BY number) FROM schema_migrations"));
        Assert.True(await database.ScalarAsync<bool>("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_widgets_owner_id'::regclass"));
    }

    [Fact]
    public async Task Replicas_that_start_together_apply_each_migration_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var migrations = MigrationSet.Of(typeof(MigratorTests).Assembly);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ApplyAsync(database, migrations)));

        Assert.Equal(2L, await database.ScalarAsync<long>("SELECT count(*) FROM schema_migrations"));
    }

    [Fact]
    public async Task A_migration_that_was_changed_after_it_was_applied_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "SELECT 1")]));

        var e = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "SELECT 2")])));

        Assert.Contains("0001_a was changed after it was applied", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_line_ends_are_the_same_migration()
    {
        await using var database = await TestDatabase.CreateAsync();

        await ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "SELECT 1;\nSELECT 2")]));
        await ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "SELECT 1;\r\nSELECT 2")]));
    }

    [Fact]
    public async Task A_number_that_a_later_one_overtook_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "SELECT 1"), ("0002_b.sql", "SELECT 1")]));
        await database.ExecuteAsync("DELETE FROM schema_migrations WHERE number = 1");

        var e = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "SELECT 1"), ("0002_b.sql", "SELECT 1")])));

        Assert.Contains("0001_a was never applied", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_database_is_left_as_it_is()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "SELECT 1"), ("0002_b.sql", "CREATE TABLE newer ()")]));

        await ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "SELECT 1")]));

        Assert.Equal(2L, await database.ScalarAsync<long>("SELECT count(*) FROM schema_migrations"));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_of_itself_and_can_be_mended()
    {
        await using var database = await TestDatabase.CreateAsync();

        var e = await Assert.ThrowsAsync<MigrationException>(() =>
            ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "CREATE TABLE half (); SELECT nonsense")])));
        await ApplyAsync(database, MigrationSet.Of([("0001_a.sql", "CREATE TABLE half ()")]));

        Assert.Contains("0001_a failed: 42703", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_without_a_schema_is_told_to_run_the_setup()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var homeless = NpgsqlDataSource.Create(database.ConnectionString + ";Search Path=nowhere");

        var e = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(homeless, MigrationSet.Of([("0001_a.sql", "SELECT 1")]), TimeSpan.FromMinutes(1)));

        Assert.Contains("Run DatabaseSetup first", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_stays_away_is_given_up_with_its_reason()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=a;Password=b;Database=c");

        var e = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(nowhere, MigrationSet.Of([("0001_a.sql", "SELECT 1")]), TimeSpan.Zero));

        Assert.Contains("not reachable within 0 s", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0002_b.sql", "Migration 0001 is missing")]
    [InlineData("1_b.sql", "is not named NNNN_name.sql")]
    [InlineData("0001_B.sql", "is not named NNNN_name.sql")]
    public void A_badly_numbered_file_is_refused(string file, string message) =>
        Assert.Contains(message, Assert.Throws<MigrationException>(() => MigrationSet.Of([(file, "SELECT 1")])).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_files_with_one_number_are_refused() =>
        Assert.Contains(
            "Two migrations have the number 0001",
            Assert.Throws<MigrationException>(() => MigrationSet.Of([("0001_a.sql", "SELECT 1"), ("0001_b.sql", "SELECT 1")])).Message,
            StringComparison.Ordinal);

    private static Task ApplyAsync(TestDatabase database, MigrationSet migrations) => ApplyAsync(database.DataSource, migrations, TimeSpan.FromMinutes(1));

    private static Task ApplyAsync(NpgsqlDataSource database, MigrationSet migrations, TimeSpan deadline) =>
        new Migrator(database, TimeProvider.System, NullLogger<Migrator>.Instance) { Deadline = deadline }.ApplyAsync(migrations, CancellationToken.None);
}
