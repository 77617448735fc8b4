using System.Linq.Expressions;
using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace JanServer.Data.Paging;

/// <summary>Keyset pages over a query by a time that changes, such as <c>updated_at</c>, with the id for rows of one time.</summary>
public static class TimeKeyset
{
    /// <summary>
    /// Takes the rows of a page and one more, which proves that there is a next page; give all of them to <see cref="Page.Of"/>
    /// with the <see cref="ListPosition"/> of a row as cursor. The page begins after <see cref="PageQuery.After"/>: a
    /// <see cref="ListPosition"/>, or the id of a row, which is looked up and stands for where the row is now.
    /// </summary>
    /// <param name="rows">The rows of the owner; filter before paging.</param>
    /// <param name="page">What the client asked for.</param>
    /// <param name="at">The row's time; <c>(at, id)</c> should end an index on the filter.</param>
    /// <param name="id">The row's id, which must be unique in <paramref name="rows"/>.</param>
    /// <param name="ct">Cancels the queries.</param>
    /// <returns>Null when the cursor is neither; answer with <see cref="UnknownCursor"/> about <c>after</c>.</returns>
    public static async Task<List<TRow>?> PageByAsync<TRow, TId>(
        this IQueryable<TRow> rows,
        PageQuery page,
        Expression<Func<TRow, DateTimeOffset>> at,
        Expression<Func<TRow, Id<TId>>> id,
        CancellationToken ct)
        where TId : IIdentified
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(id);
        var beyond = rows;
        if (page.Start is { } start)
        {
            ListPosition position;
            if (Id<TId>.Parse(start) is { IsNone: false } row)
            {
                if (await rows.Where(Is(row, id)).Select(Optional(at)).FirstOrDefaultAsync(ct) is not { } time)
                {
                    return null;
                }

                position = ListPosition.Of(time, row);
            }
            else if (!ListPosition.TryParse(start, out position))
            {
                return null;
            }

            beyond = rows.Where(Beyond(new Cursor<TId>(position.At, new(position.Id)), at, id, page.Ascending));
        }

        beyond = page.Ascending ? beyond.OrderBy(at).ThenBy(id) : beyond.OrderByDescending(at).ThenByDescending(id);
        return await beyond.Take(page.Take + 1).ToListAsync(ct);
    }

    /// <summary>What to tell a client whose cursor is no place in the list.</summary>
    public const string UnknownCursor = "The cursor must be the next_cursor of a page, or the id of something in this list.";

    private static Expression<Func<TRow, bool>> Is<TRow, TId>(Id<TId> row, Expression<Func<TRow, Id<TId>>> id)
        where TId : IIdentified
    {
        var cursor = Expression.Property(Expression.Constant(new Cursor<TId>(default, row)), nameof(Cursor<>.Id));
        return Expression.Lambda<Func<TRow, bool>>(Expression.Equal(id.Body, cursor), id.Parameters);
    }

    private static Expression<Func<TRow, DateTimeOffset?>> Optional<TRow>(Expression<Func<TRow, DateTimeOffset>> at) =>
        Expression.Lambda<Func<TRow, DateTimeOffset?>>(Expression.Convert(at.Body, typeof(DateTimeOffset?)), at.Parameters);

    /// <summary><c>at &lt;= t AND (at &lt; t OR id &lt; i)</c>: the first part alone bounds the scan of the index.</summary>
    private static Expression<Func<TRow, bool>> Beyond<TRow, TId>(
        Cursor<TId> cursor, Expression<Func<TRow, DateTimeOffset>> at, Expression<Func<TRow, Id<TId>>> id, bool ascending)
        where TId : IIdentified
    {
        // Members of a captured object become parameters; constants would be a new query plan for every page.
        var captured = Expression.Constant(cursor);
        var time = Expression.Property(captured, nameof(Cursor<>.At));
        var row = Expression.Property(captured, nameof(Cursor<>.Id));
        var ofRow = at.Parameters[0];
        var rowTime = at.Body;
        var rowId = ReplacingExpressionVisitor.Replace(id.Parameters[0], ofRow, id.Body);
        var (bound, strictly, tie) = ascending
            ? (Expression.GreaterThanOrEqual(rowTime, time), Expression.GreaterThan(rowTime, time), Expression.GreaterThan(rowId, row))
            : (Expression.LessThanOrEqual(rowTime, time), Expression.LessThan(rowTime, time), Expression.LessThan(rowId, row));
        return Expression.Lambda<Func<TRow, bool>>(Expression.AndAlso(bound, Expression.OrElse(strictly, tie)), ofRow);
    }

    private sealed record Cursor<TId>(DateTimeOffset At, Id<TId> Id)
        where TId : IIdentified;
}
