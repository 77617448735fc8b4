using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Statements;
using JanServer.Data.Tests.Widgets;
using Npgsql;

namespace JanServer.Data.Tests.Statements;

public sealed class SqlTests
{
    [Fact]
    public async Task Holes_are_parameters_whatever_they_hold()
    {
        await using var host = await WidgetHost.StartAsync();
        var owner = Id<UserRef>.New(TimeProvider.System);
        var id = Id<Widget>.New(TimeProvider.System);
        var name = "'; DROP TABLE widgets; --";
        Id<Widget>? parent = null;
        var now = TimeProvider.System.GetUtcNow();

        var added = await host.UseAsync(async db => await (await db.OpenAsync(default)).ExecuteAsync(
            $"INSERT INTO widgets (id, owner_id, display_name, parent_id, created_at) VALUES ({id}, {owner}, {name}, {parent}, {now})", default));
        var found = await host.UseAsync(async db => await (await db.OpenAsync(default)).FirstOrDefaultAsync(
            $"SELECT display_name FROM widgets WHERE owner_id = {owner} AND id = {id} AND parent_id IS NULL", row => row.GetString(0), default));

        Assert.Equal(1, added);
        Assert.Equal(name, found);
    }

    [Fact]
    public async Task A_batch_is_one_transaction()
    {
        await using var host = await WidgetHost.StartAsync();
        var owner = Id<UserRef>.New(TimeProvider.System);
        var id = Id<Widget>.New(TimeProvider.System);

        await host.UseAsync(async db =>
        {
            await using var batch = (await db.OpenAsync(default)).CreateBatch();
            batch.Add($"INSERT INTO widgets (id, owner_id, display_name, created_at) VALUES ({id}, {owner}, {"first"}, now())");
            batch.Add($"INSERT INTO widgets (id, owner_id, display_name, created_at) VALUES ({id}, {owner}, {"second"}, now())");
            return await Assert.ThrowsAsync<PostgresException>(() => batch.ExecuteNonQueryAsync());
        });

        Assert.Equal(0L, await host.Database.ScalarAsync<long>("SELECT count(*) FROM widgets"));
    }

    [Fact]
    public async Task A_statement_is_part_of_the_contexts_transaction()
    {
        await using var host = await WidgetHost.StartAsync();
        var owner = Id<UserRef>.New(TimeProvider.System);
        var id = Id<Widget>.New(TimeProvider.System);

        await host.UseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await (await db.OpenAsync(default)).ExecuteAsync(
                $"INSERT INTO widgets (id, owner_id, display_name, created_at) VALUES ({id}, {owner}, {"x"}, now())", default);
            await transaction.RollbackAsync();
            return 0;
        });

        Assert.Equal(0L, await host.Database.ScalarAsync<long>("SELECT count(*) FROM widgets"));
    }
}
