using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Paging;
using JanServer.Data.Tests.Widgets;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Data.Tests.Paging;

public sealed class KeysetTests
{
    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    [InlineData(null)]
    public async Task Walking_the_pages_visits_every_row_once_in_order(string? order)
    {
        await using var host = await WidgetHost.StartAsync();
        var owner = Id<UserRef>.New(TimeProvider.System);
        var widgets = Enumerable.Range(0, 7).Select(_ => WidgetHost.NewWidget(owner)).ToList();
        await host.UseAsync(async db =>
        {
            db.AddRange(widgets);
            return await db.SaveChangesAsync();
        });

        var seen = new List<string>();
        Page<string> page;
        string? after = null;
        do
        {
            var query = new PageQuery { Limit = 3, After = after, Order = order };
            var rows = await host.UseAsync(db => db.Widgets.Where(w => w.OwnerId == owner).PageBy(query, w => w.Id).ToListAsync());
            page = Page.Of(rows, query.Take, w => w.Id.ToString(), id => id);
            seen.AddRange(page.Data);
            after = page.LastId;
        }
        while (page.HasMore);

        var ordered = widgets.Select(w => w.Id).Order().Select(id => id.ToString());
        Assert.Equal(order == "asc" ? ordered : ordered.Reverse(), seen);
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task A_cursor_that_is_no_id_matches_nothing(string order)
    {
        await using var host = await WidgetHost.StartAsync();
        await host.UseAsync(async db =>
        {
            db.Add(WidgetHost.NewWidget(Id<UserRef>.New(TimeProvider.System)));
            return await db.SaveChangesAsync();
        });

        Assert.Empty(await host.UseAsync(db => db.Widgets.PageBy(new PageQuery { After = "conv_x", Order = order }, w => w.Id).ToListAsync()));
    }

    [Fact]
    public async Task The_cursor_is_a_parameter_of_the_statement()
    {
        await using var host = await WidgetHost.StartAsync();
        var after = Id<Widget>.New(TimeProvider.System);

        var sql = await host.UseAsync(db => Task.FromResult(db.Widgets.PageBy(new PageQuery { After = after.ToString() }, w => w.Id).ToQueryString()));

        Assert.DoesNotContain($"< '{after.Value}'", sql, StringComparison.Ordinal);
        Assert.Contains("w.id < @", sql, StringComparison.Ordinal);
    }
}
