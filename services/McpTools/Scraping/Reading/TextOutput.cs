using System.Text;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>Text under way: spaces collapse as in a browser, and breaks come to pass only when something follows them.</summary>
/// <param name="isInline">Whether breaks become spaces, as within a link or a table's cell.</param>
internal sealed class TextOutput(bool isInline = false)
{
    private readonly StringBuilder _text = new();
    private int _breaks;
    private bool _space;
    private bool _lineBreak;

    /// <summary>The length so far, without what is pending.</summary>
    public int Length => _text.Length;

    /// <summary>Whether the next character begins a line.</summary>
    public bool IsAtLineStart => _text.Length == 0 || _breaks > 0 || _lineBreak || _text[^1] == '\n';

    /// <summary>Running text; white space in it is one space, or none at the beginning of a line.</summary>
    public void Inline(string text)
    {
        foreach (var c in text)
        {
            if (c is ' ' or '\n' or '\t' or '\r' or '\f')
            {
                _space = true;
            }
            else
            {
                Flush();
                _text.Append(c);
            }
        }
    }

    /// <summary>Text as it is: markup that opens, code.</summary>
    public void Raw(string text)
    {
        Flush();
        _text.Append(text);
    }

    /// <summary>Markup that closes: before the space that is pending.</summary>
    public void Close(string markup) => _text.Append(markup);

    /// <summary>Takes back what was written from <paramref name="position"/> on.</summary>
    public void Undo(int position) => _text.Length = position;

    /// <summary>At least so many line ends before what follows.</summary>
    public void Break(int lines)
    {
        if (isInline)
        {
            _space = true;
        }
        else
        {
            _breaks = Math.Max(_breaks, lines);
        }
    }

    /// <summary>A line end within a paragraph.</summary>
    public void LineBreak()
    {
        if (isInline)
        {
            _space = true;
        }
        else
        {
            _lineBreak = true;
        }
    }

    public override string ToString() => _text.ToString();

    private void Flush()
    {
        if (_text.Length > 0)
        {
            if (_breaks > 0)
            {
                _text.Append('\n', _breaks);
            }
            else if (_lineBreak)
            {
                _text.Append('\n');
            }
            else if (_space && _text[^1] != '\n')
            {
                _text.Append(' ');
            }
        }

        (_breaks, _space, _lineBreak) = (0, false, false);
    }
}
