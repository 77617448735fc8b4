using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Paging;
using JanServer.Data.Tests.Widgets;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Data.Tests.Paging;

public sealed class TimeKeysetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("asc", true)]
    [InlineData("desc", true)]
    [InlineData("asc", false)]
    [InlineData("desc", false)]
    public async Task Walking_the_pages_visits_every_row_once_in_order_of_time(string order, bool byCursor)
    {
        await using var host = await WidgetHost.StartAsync();
        var owner = Id<UserRef>.New(TimeProvider.System);

        // Three share a time, and times do not follow ids.
        int[] seconds = [5, 1, 1, 3, 1, 2, 4];
        var widgets = seconds.Select(at => Made(owner, at)).ToList();
        await AddAsync(host, widgets);

        var seen = new List<string>();
        Page<string>? page = null;
        do
        {
            var after = byCursor ? page?.NextCursor : page?.LastId;
            page = await PageAsync(host, owner, new PageQuery { Limit = 2, Cursor = after, Order = order });
            seen.AddRange(page!.Data);
        }
        while (page.HasMore);

        Assert.Null(page.NextCursor);
        var ordered = widgets.OrderBy(w => w.CreatedAt).ThenBy(w => w.Id).Select(w => w.Id.ToString());
        Assert.Equal(order == "asc" ? ordered : ordered.Reverse(), seen);
    }

    [Fact]
    public async Task The_cursor_of_a_page_stays_good_when_its_row_changes_or_goes()
    {
        await using var host = await WidgetHost.StartAsync();
        var owner = Id<UserRef>.New(TimeProvider.System);
        var widgets = Enumerable.Range(1, 6).Select(second => Made(owner, second)).ToList();
        await AddAsync(host, widgets);

        var first = await PageAsync(host, owner, new PageQuery { Limit = 2 });
        await host.UseAsync(db => db.Widgets.Where(w => w.Id == widgets[4].Id).ExecuteUpdateAsync(
            set => set.SetProperty(w => w.CreatedAt, Start.AddHours(1))));
        var second = await PageAsync(host, owner, new PageQuery { Limit = 2, After = first!.NextCursor });
        await host.UseAsync(db => db.Widgets.Where(w => w.Id == widgets[2].Id).ExecuteDeleteAsync());
        var third = await PageAsync(host, owner, new PageQuery { Limit = 2, After = second!.NextCursor });

        Assert.Equal([widgets[3].Id.ToString(), widgets[2].Id.ToString()], second.Data);
        Assert.Equal([widgets[1].Id.ToString(), widgets[0].Id.ToString()], third!.Data);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("conv_0000000000000000000000000g")]
    [InlineData("////////////////////////////////")]
    [InlineData("________________________________")]
    [InlineData("f_______________________________")]
    public async Task What_is_no_cursor_is_told_apart(string cursor)
    {
        await using var host = await WidgetHost.StartAsync();
        Assert.Null(await PageAsync(host, Id<UserRef>.New(TimeProvider.System), new PageQuery { After = cursor }));
    }

    [Fact]
    public async Task The_id_of_a_row_of_another_owner_is_no_cursor()
    {
        await using var host = await WidgetHost.StartAsync();
        var foreign = Made(Id<UserRef>.New(TimeProvider.System), 1);
        await AddAsync(host, [foreign]);
        Assert.Null(await PageAsync(host, Id<UserRef>.New(TimeProvider.System), new PageQuery { After = foreign.Id.ToString() }));
    }

    private static Widget Made(Id<UserRef> owner, int second) => new()
    {
        Id = Id<Widget>.New(TimeProvider.System),
        OwnerId = owner,
        DisplayName = "a widget",
        CreatedAt = Start.AddSeconds(second),
    };

    private static Task<int> AddAsync(WidgetHost host, IEnumerable<Widget> widgets) => host.UseAsync(db =>
    {
        db.AddRange(widgets);
        return db.SaveChangesAsync();
    });

    private static async Task<Page<string>?> PageAsync(WidgetHost host, Id<UserRef> owner, PageQuery query)
    {
        var rows = await host.UseAsync(db =>
            db.Widgets.Where(w => w.OwnerId == owner).PageByAsync(query, w => w.CreatedAt, w => w.Id, CancellationToken.None));
        return rows is null
            ? null
            : Page.Of(rows, query.Take, w => w.Id.ToString(), id => id, w => ListPosition.Of(w.CreatedAt, w.Id).ToString());
    }
}
