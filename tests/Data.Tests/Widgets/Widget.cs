using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Data.Tests.Widgets;

internal sealed class Widget : IIdentified
{
    public static string IdPrefix => "widget";

    public required Id<Widget> Id { get; init; }

    public required Id<UserRef> OwnerId { get; init; }

    public required string DisplayName { get; init; }

    public Id<Widget>? ParentId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class WidgetDbContext(DbContextOptions<WidgetDbContext> options) : DbContext(options)
{
    public DbSet<Widget> Widgets => Set<Widget>();
}
