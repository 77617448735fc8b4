using System.Globalization;
using AngleSharp.Dom;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>
/// Writes HTML as Markdown (CommonMark with tables and strikethrough) or as plain text. The parser limits how deep elements nest, so
/// recursion is safe; lists and quotes within each other are written flat from <see cref="MaxLevel"/> on.
/// </summary>
internal sealed class HtmlText
{
    private const int MaxLevel = 12;

    private static readonly HashSet<string> Skipped = new(StringComparer.OrdinalIgnoreCase)
    {
        "head", "script", "style", "noscript", "template", "iframe", "svg", "canvas", "object", "embed", "nav", "select", "button", "input",
        "textarea", "audio", "video", "map", "dialog",
    };

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
        "header", "html", "legend", "li", "main", "p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "caption",
    };

    private readonly Uri _base;
    private readonly bool _markdown;
    private readonly bool _inline;
    private readonly int _level;
    private readonly TextOutput _output;

    private readonly CancellationToken _ct;

    private HtmlText(Uri baseUrl, bool markdown, bool inline, int level, CancellationToken ct)
    {
        _ct = ct;
        _base = baseUrl;
        _markdown = markdown;
        _inline = inline;
        _level = level;
        _output = new(inline);
    }

    /// <summary>The element's content.</summary>
    /// <param name="root">What is written.</param>
    /// <param name="baseUrl">What relative links are relative to.</param>
    /// <param name="markdown">Whether as Markdown.</param>
    /// <param name="ct">Ends it early.</param>
    public static string Of(IElement root, Uri baseUrl, bool markdown, CancellationToken ct) =>
        Render(root, baseUrl, markdown, inline: false, level: 0, ct);

    /// <summary>The element's content in one line, for a cell.</summary>
    internal string Line(IElement element) => Render(element, inline: true, _level + 1);

    private static string Render(INode node, Uri baseUrl, bool markdown, bool inline, int level, CancellationToken ct)
    {
        var text = new HtmlText(baseUrl, markdown, inline, level, ct);
        text.WriteChildren(node);
        return text._output.ToString();
    }

    private string Render(IElement element, bool inline, int level) => Render(element, _base, _markdown, inline, level, _ct);

    private void WriteChildren(INode node)
    {
        _ct.ThrowIfCancellationRequested();
        foreach (var child in node.ChildNodes)
        {
            switch (child)
            {
                case IText text:
                    _output.Inline(_markdown ? MarkdownEscapes.Apply(text.Data, _output.IsAtLineStart) : text.Data);
                    break;
                case IElement element when !Skipped.Contains(element.LocalName) && !IsHidden(element):
                    Write(element);
                    break;
            }
        }
    }

    private void Write(IElement element)
    {
        switch (element.LocalName)
        {
            case ['h', >= '1' and <= '6'] name:
                WriteHeading(element, name[1] - '0');
                break;
            case "br":
                _output.LineBreak();
                break;
            case "hr":
                WriteRule();
                break;
            case "pre":
                WriteCode(element);
                break;
            case "code" or "kbd" or "samp" or "tt" when _markdown:
                WriteInlineCode(element);
                break;
            case "strong" or "b" when _markdown:
                Wrap(element, "**");
                break;
            case "em" or "i" when _markdown:
                Wrap(element, "*");
                break;
            case "del" or "s" or "strike" when _markdown:
                Wrap(element, "~~");
                break;
            case "a" when _markdown:
                WriteLink(element);
                break;
            case "img":
                WriteImage(element);
                break;
            case "ul" or "ol" when !_inline && _level < MaxLevel:
                WriteList(element);
                break;
            case "blockquote" when !_inline && _level < MaxLevel && _markdown:
                WriteQuote(element);
                break;
            case "table" when !_inline && _level < MaxLevel && TableText.Of(element, this, _markdown) is { } table:
                Block(table);
                break;
            default:
                WritePlain(element);
                break;
        }
    }

    private void WritePlain(IElement element)
    {
        var lines = element.LocalName is "p" or "blockquote" or "figure" || (_markdown && Blocks.Contains(element.LocalName)) ? 2
            : Blocks.Contains(element.LocalName) || element.LocalName is "ul" or "ol" ? 1
            : 0;
        Separate(lines);
        WriteChildren(element);
        Separate(lines);
    }

    private void WriteHeading(IElement element, int level)
    {
        _output.Break(2);
        var start = _output.Length;
        if (_markdown && !_inline)
        {
            _output.Raw(new string('#', level) + " ");
        }

        var empty = _output.Length;
        _output.Inline(Render(element, inline: true, _level));
        if (_output.Length == empty)
        {
            _output.Undo(start);
        }

        _output.Break(2);
    }

    private void WriteRule()
    {
        if (_markdown && !_inline)
        {
            Block("---");
        }
        else
        {
            _output.Break(2);
        }
    }

    private void WriteCode(IElement element)
    {
        var code = element.TextContent.Trim('\r', '\n').TrimEnd();
        if (code.Length == 0)
        {
            return;
        }

        if (_inline)
        {
            _output.Inline(code);
        }
        else if (_markdown)
        {
            var fence = new string('`', Math.Max(3, MarkdownEscapes.LongestRun(code, '`') + 1));
            Block($"{fence}{LanguageOf(element)}\n{code}\n{fence}");
        }
        else
        {
            Block(code);
        }
    }

    private void WriteInlineCode(IElement element)
    {
        var code = string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (code.Length > 0)
        {
            var fence = new string('`', MarkdownEscapes.LongestRun(code, '`') + 1);
            var pad = fence.Length > 1 ? " " : "";
            _output.Raw($"{fence}{pad}{code}{pad}{fence}");
        }
    }

    private void Wrap(IElement element, string mark)
    {
        var text = Render(element, inline: true, _level);
        if (text.Length > 0)
        {
            // Spaces at its ends would keep the mark from working.
            _output.Inline(char.IsWhiteSpace(element.TextContent[0]) ? " " : "");
            _output.Raw(mark + text + mark);
            _output.Inline(char.IsWhiteSpace(element.TextContent[^1]) ? " " : "");
        }
    }

    private void WriteLink(IElement element)
    {
        var text = Render(element, inline: true, _level + 1);
        if (text.Length == 0)
        {
            return;
        }

        var address = Address(element.GetAttribute("href"));
        _output.Raw(address is null || _level >= MaxLevel ? text : $"[{text}]({address})");
        _output.Inline(element.TextContent is [.., var last] && char.IsWhiteSpace(last) ? " " : "");
    }

    private void WriteImage(IElement element)
    {
        var alt = element.GetAttribute("alt")?.Trim();
        if (!string.IsNullOrEmpty(alt))
        {
            var address = _markdown ? Address(element.GetAttribute("src")) : null;
            _output.Raw(address is null ? alt : $"![{MarkdownEscapes.Apply(alt, false)}]({address})");
        }
    }

    private void WriteList(IElement element)
    {
        // A list within an item stays close to it.
        var around = _level > 0 ? 1 : 2;
        _output.Break(around);
        var isOrdered = element.LocalName == "ol";
        var number = int.TryParse(element.GetAttribute("start"), NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : 1;
        foreach (var item in element.Children.Where(child => !IsHidden(child) && !Skipped.Contains(child.LocalName)))
        {
            var marker = isOrdered ? $"{number++}. " : "- ";
            var text = Render(item, inline: false, _level + 1);
            if (text.Length > 0)
            {
                _output.Break(1);
                _output.Raw(marker + text.Replace("\n", "\n" + new string(' ', marker.Length), StringComparison.Ordinal));
            }
        }

        _output.Break(around);
    }

    private void WriteQuote(IElement element)
    {
        var text = Render(element, inline: false, _level + 1);
        if (text.Length > 0)
        {
            Block("> " + text.Replace("\n", "\n> ", StringComparison.Ordinal));
        }
    }

    private void Block(string text)
    {
        _output.Break(2);
        _output.Raw(text);
        _output.Break(2);
    }

    private void Separate(int lines)
    {
        if (lines > 0)
        {
            _output.Break(lines);
        }
    }

    // Only what leads elsewhere and can be followed; javascript: and data: cannot.
    private string? Address(string? reference) =>
        !string.IsNullOrWhiteSpace(reference) && reference[0] != '#'
        && Uri.TryCreate(_base, reference.Trim(), out var url) && url.Scheme is "http" or "https" or "mailto"
            ? url.AbsoluteUri.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal)
            : null;

    private static string LanguageOf(IElement element) =>
        new[] { element, element.QuerySelector("code") }
            .SelectMany(candidate => candidate?.ClassList ?? Enumerable.Empty<string>())
            .Where(name => name.StartsWith("language-", StringComparison.Ordinal) || name.StartsWith("lang-", StringComparison.Ordinal))
            .Select(name => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..])
            .FirstOrDefault(name => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-' or '_')) ?? "";

    private static bool IsHidden(IElement element) =>
        element.HasAttribute("hidden")
        || element.GetAttribute("aria-hidden") == "true"
        || (element.GetAttribute("style") is { } style
            && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase));
}
