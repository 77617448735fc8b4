using System.Linq.Expressions;
using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.Data.Paging;

/// <summary>Keyset pages over a query: no OFFSET, no COUNT. UUIDv7 ids sort by creation, so the id itself is the cursor.</summary>
public static class Keyset
{
    /// <summary>
    /// Takes the rows of a page and one more, which proves that there is a next page; give all of them to <see cref="Page.Of"/>.
    /// A cursor that is no id of this type matches nothing.
    /// </summary>
    /// <param name="rows">The rows of the owner; filter before paging.</param>
    /// <param name="page">What the client asked for.</param>
    /// <param name="id">The row's id, which must be unique in <paramref name="rows"/> and should end an index on the filter.</param>
    public static IQueryable<TRow> PageBy<TRow, TId>(this IQueryable<TRow> rows, PageQuery page, Expression<Func<TRow, Id<TId>>> id)
        where TId : IIdentified
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(id);
        if (page.Start is not null)
        {
            var after = Id<TId>.Parse(page.Start);
            rows = after.IsNone ? rows.Where(_ => false) : rows.Where(Beyond(after, id, page.Ascending));
        }

        var take = page.Take + 1;
        return (page.Ascending ? rows.OrderBy(id) : rows.OrderByDescending(id)).Take(take);
    }

    private static Expression<Func<TRow, bool>> Beyond<TRow, TId>(Id<TId> after, Expression<Func<TRow, Id<TId>>> id, bool ascending)
        where TId : IIdentified
    {
        // A member of a captured object becomes a parameter; a constant would be a new query plan for every page.
        var cursor = Expression.Property(Expression.Constant(new Cursor<TId>(after)), nameof(Cursor<TId>.Id));
        var beyond = ascending ? Expression.GreaterThan(id.Body, cursor) : Expression.LessThan(id.Body, cursor);
        return Expression.Lambda<Func<TRow, bool>>(beyond, id.Parameters);
    }

    private sealed record Cursor<TId>(Id<TId> Id)
        where TId : IIdentified;
}
