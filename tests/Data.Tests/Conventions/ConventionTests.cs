using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Conventions;
using JanServer.Data.Tests.Widgets;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Data.Tests.Conventions;

public sealed class ConventionTests
{
    [Fact]
    public async Task A_plain_class_is_stored_without_any_mapping()
    {
        await using var host = await WidgetHost.StartAsync();
        var owner = Id<UserRef>.New(TimeProvider.System);
        var parent = WidgetHost.NewWidget(owner);
        var widget = new Widget
        {
            Id = Id<Widget>.New(TimeProvider.System),
            OwnerId = owner,
            DisplayName = "a child",
            ParentId = parent.Id,
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(7)),
        };

        await host.UseAsync(async db =>
        {
            db.AddRange(parent, widget);
            return await db.SaveChangesAsync();
        });
        var found = await host.UseAsync(db => db.Widgets.SingleAsync(w => w.OwnerId == owner && w.Id == widget.Id));

        Assert.Equal("a child", found.DisplayName);
        Assert.Equal(parent.Id, found.ParentId);
        Assert.Equal(widget.CreatedAt, found.CreatedAt);
        Assert.Equal(TimeSpan.Zero, found.CreatedAt.Offset);
        Assert.Equal(widget.Id.Value, await host.Database.ScalarAsync<Guid>("SELECT id FROM widgets WHERE display_name = 'a child'"));
    }

    [Fact]
    public async Task Ids_are_compared_and_ordered_and_searched_for_in_the_database()
    {
        await using var host = await WidgetHost.StartAsync();
        var owner = Id<UserRef>.New(TimeProvider.System);
        var widgets = Enumerable.Range(0, 4).Select(_ => WidgetHost.NewWidget(owner)).OrderBy(w => w.Id).ToList();
        await host.UseAsync(async db =>
        {
            db.AddRange(widgets);
            return await db.SaveChangesAsync();
        });
        var wanted = new[] { widgets[0].Id, widgets[3].Id };

        var found = await host.UseAsync(db => db.Widgets.Where(w => wanted.Contains(w.Id)).OrderBy(w => w.Id).Select(w => w.Id).ToListAsync());
        var later = await host.UseAsync(db => db.Widgets.CountAsync(w => w.OwnerId == owner && w.Id > widgets[1].Id));

        Assert.Equal(wanted, found);
        Assert.Equal(2, later);
    }

    [Fact]
    public async Task Rows_are_not_tracked()
    {
        await using var host = await WidgetHost.StartAsync();
        await host.UseAsync(async db =>
        {
            db.Add(WidgetHost.NewWidget(Id<UserRef>.New(TimeProvider.System)));
            return await db.SaveChangesAsync();
        });

        Assert.Equal(0, await host.UseAsync(async db =>
        {
            await db.Widgets.ToListAsync();
            return db.ChangeTracker.Entries().Count();
        }));
    }

    [Theory]
    [InlineData("Id", "id")]
    [InlineData("ApiKeyId", "api_key_id")]
    [InlineData("HTTPStatus", "http_status")]
    [InlineData("PK_Widgets", "pk_widgets")]
    [InlineData("Sha256", "sha256")]
    [InlineData("already_snake", "already_snake")]
    public void Names_become_snake_case(string name, string expected) => Assert.Equal(expected, SnakeCase.Of(name));
}
