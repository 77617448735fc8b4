using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>Writes a table of data. A table that only arranges a page (one column, tables within) is none.</summary>
internal static class TableText
{
    private const int MaxColumns = 50;

    /// <summary>The table, or null when it is not one of data.</summary>
    public static string? Of(IElement element, HtmlText text, bool markdown)
    {
        if (element is not IHtmlTableElement table || element.QuerySelector("table") is not null)
        {
            return null;
        }

        string[][] rows = [.. table.Rows.Select(row => Cells(row, text, markdown)).Where(cells => cells.Any(cell => cell.Length > 0))];
        var columns = rows.Length == 0 ? 0 : rows.Max(cells => cells.Length);
        if (columns < 2)
        {
            return null;
        }

        var caption = table.Caption is { } title ? text.Line(title) : "";
        var lines = markdown ? Markdown(rows, columns) : rows.Select(cells => string.Join('\t', cells));
        return (caption.Length > 0 ? caption + "\n\n" : "") + string.Join('\n', lines);
    }

    private static string[] Cells(IHtmlTableRowElement row, HtmlText text, bool markdown) =>
    [
        .. row.Cells.SelectMany(cell => Enumerable.Repeat("", Span(cell) - 1).Prepend(Cell(text.Line(cell), markdown))).Take(MaxColumns),
    ];

    private static string Cell(string line, bool markdown) => markdown ? line.Replace("|", "\\|", StringComparison.Ordinal) : line;

    private static int Span(IElement cell) =>
        int.TryParse(cell.GetAttribute("colspan"), NumberStyles.None, CultureInfo.InvariantCulture, out var span)
            ? Math.Clamp(span, 1, MaxColumns)
            : 1;

    // The first row is the head: Markdown has no table without one.
    private static IEnumerable<string> Markdown(string[][] rows, int columns)
    {
        yield return Row(rows[0], columns);
        yield return "|" + string.Concat(Enumerable.Repeat(" --- |", columns));
        foreach (var row in rows.Skip(1))
        {
            yield return Row(row, columns);
        }
    }

    private static string Row(string[] cells, int columns) =>
        "| " + string.Join(" | ", cells.Concat(Enumerable.Repeat("", columns - cells.Length))) + " |";
}
