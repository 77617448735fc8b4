using System.Buffers.Text;
using System.Text;
using ModelContextProtocol;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary>A page of a list that is in the order of its keys. The cursor is the last key, so pages stay right while the list changes.</summary>
internal static class ListPage
{
    /// <summary>The page after <paramref name="cursor"/> and the cursor of the next one, null at the end.</summary>
    /// <exception cref="McpProtocolException">The cursor is none of ours (-32602).</exception>
    public static (IList<T> Items, string? Next) Of<T>(IReadOnlyList<T> all, Func<T, string> key, string? cursor, int size)
    {
        var after = cursor is null ? null : Read(cursor);
        var page = all.Where(item => after is null || string.CompareOrdinal(key(item), after) > 0).Take(size + 1).ToList();
        if (page.Count <= size)
        {
            return (page, null);
        }

        page.RemoveAt(size);
        return (page, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key(page[^1]))));
    }

    private static string Read(string cursor) =>
        Base64Url.IsValid(cursor)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))
            : throw new McpProtocolException("Invalid cursor.", McpErrorCode.InvalidParams);
}
