namespace JanServer.ServiceDefaults.Paging;

/// <summary>OpenAI's list envelope.</summary>
/// <param name="Data">The rows.</param>
/// <param name="FirstId">The first row's id; absent when there are none.</param>
/// <param name="LastId">The last row's id, which is the next page's <c>after</c>.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="NextCursor">
/// The next page's <c>after</c> in lists by a time that changes: unlike <paramref name="LastId"/> it stays good when its row
/// changes or goes. Absent on the last page and in lists by creation, where the id is as good.
/// </param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? FirstId, string? LastId, bool HasMore, string? NextCursor = null)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}

/// <summary>Builds pages.</summary>
public static class Page
{
    /// <summary>Builds a page from <paramref name="take"/> + 1 fetched rows; the extra row only proves that there is more.</summary>
    public static Page<TOut> Of<TRow, TOut>(
        IReadOnlyList<TRow> rows, int take, Func<TRow, TOut> map, Func<TOut, string> id, Func<TRow, string>? cursor = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(id);
        var data = rows.Take(take).Select(map).ToList();
        var hasMore = rows.Count > take;
        return new(
            data,
            data.Count > 0 ? id(data[0]) : null,
            data.Count > 0 ? id(data[^1]) : null,
            hasMore,
            hasMore && cursor is not null ? cursor(rows[take - 1]) : null);
    }
}
