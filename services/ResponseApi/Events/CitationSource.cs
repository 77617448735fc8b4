using System.Buffers;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Events;

/// <summary>
/// The pages that searches of a response have found, and where a text names them. Only an address that a search gave is a citation: one
/// that a model made up is not.
/// </summary>
internal sealed class CitationSource
{
    private const int MaxDepth = 8;
    private const string SearchItem = "ws_";

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n<>\"'`|[]{}");

    private readonly Dictionary<string, string> _titles = new(StringComparer.Ordinal);

    /// <param name="executions">The calls of the response so far.</param>
    public CitationSource(IEnumerable<ToolExecution> executions)
    {
        foreach (var execution in executions)
        {
            if (execution.ItemId.StartsWith(SearchItem, StringComparison.Ordinal) && execution.Result is { } result)
            {
                Collect(result, 0);
            }
        }
    }

    public bool Any => _titles.Count > 0;

    /// <summary>The addresses in the text that were found, in order; that of a Markdown link stands for the whole link.</summary>
    public IReadOnlyList<Citation> FindIn(string text)
    {
        var found = new List<Citation>();
        var at = 0;
        while (at < text.Length && (at = text.IndexOf("http", at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            var end = EndOf(text, at);
            if (Match(text[at..end]) is { } url)
            {
                end = at + url.Length;
                var (from, to) = LinkAround(text, at, end);
                found.Add(new(from, to, url, _titles[url]));
            }

            at = Math.Max(end, at + 4);
        }

        return found;
    }

    private void Collect(JsonElement value, int depth)
    {
        if (depth > MaxDepth)
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                Collect(element, depth + 1);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            if ((value.Text("source_url") ?? value.Text("url") ?? value.Text("link")) is { Length: > 8 } url)
            {
                _titles.TryAdd(url, value.Text("title") ?? url);
            }

            foreach (var member in value.EnumerateObject())
            {
                Collect(member.Value, depth + 1);
            }
        }
    }

    private static int EndOf(string text, int at)
    {
        var length = text.AsSpan(at).IndexOfAny(Ends);
        return length < 0 ? text.Length : at + length;
    }

    private string? Match(string address)
    {
        // What ends a sentence or a link does not belong to the address, unless the address that was found has it.
        while (address.Length > 8)
        {
            if (_titles.ContainsKey(address))
            {
                return address;
            }

            if (!".,;:!?)*_/".Contains(address[^1], StringComparison.Ordinal))
            {
                // A Markdown link may be followed by text at once.
                var close = address.LastIndexOf(')');
                if (close < 0)
                {
                    return null;
                }

                address = address[..close];
                continue;
            }

            address = address[..^1];
        }

        return null;
    }

    private static (int From, int To) LinkAround(string text, int start, int end)
    {
        if (start < 2 || end >= text.Length || text[end] != ')' || text[start - 1] != '(' || text[start - 2] != ']')
        {
            return (start, end);
        }

        var open = text.LastIndexOf('[', start - 2);
        return open >= 0 ? (open, end + 1) : (start, end);
    }
}
