using System.Text;

namespace JanServer.LlmApi.Reasoning;

/// <summary>
/// Tells the reasoning of a model from its answer where the engine does not: text between <c>&lt;think&gt;</c> at the beginning of the
/// content and <c>&lt;/think&gt;</c>. Incremental, and independent of how the text is cut: tags may be split across pieces, and the white
/// space around the reasoning is dropped either way.
/// </summary>
internal sealed class ThinkTags
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private readonly StringBuilder _held = new();
    private State _state = State.Before;

    private enum State
    {
        Before,
        Opened,
        Inside,
        After,
        Outside,
    }

    /// <summary>Whether all further text is content.</summary>
    public bool IsOutside => _state == State.Outside;

    /// <summary>Takes the next piece; returns what is certain by now.</summary>
    public (string Content, string Reasoning) Feed(string piece)
    {
        if (_state == State.Outside)
        {
            return (piece, "");
        }

        var text = _held.Append(piece).ToString();
        _held.Clear();
        if (_state == State.Before && !TryOpen(ref text, out var content))
        {
            return (content, "");
        }

        var reasoning = _state is State.Opened or State.Inside ? ReadInside(ref text) : "";
        return (_state is State.After or State.Outside ? ReadAfter(text) : "", reasoning);
    }

    /// <summary>The engine tells reasoning apart itself: all text is content.</summary>
    public void Leave() => _state = State.Outside;

    /// <summary>The text has ended: returns what was held back.</summary>
    public (string Content, string Reasoning) End()
    {
        var held = _held.ToString();
        _held.Clear();
        var isReasoning = _state is State.Opened or State.Inside;
        _state = State.Outside;
        return isReasoning ? ("", held.TrimEnd()) : (held, "");
    }

    private bool TryOpen(ref string text, out string content)
    {
        content = "";
        var rest = text.AsSpan().TrimStart();
        if (rest.StartsWith(Open, StringComparison.Ordinal))
        {
            _state = State.Opened;
            text = rest[Open.Length..].ToString();
            return true;
        }

        if (Open.AsSpan().StartsWith(rest, StringComparison.Ordinal))
        {
            _held.Append(text);
        }
        else
        {
            _state = State.Outside;
            content = text;
        }

        return false;
    }

    private string ReadInside(ref string text)
    {
        if (_state == State.Opened)
        {
            text = text.TrimStart();
            if (text.Length == 0)
            {
                return "";
            }

            _state = State.Inside;
        }

        var close = text.IndexOf(Close, StringComparison.Ordinal);
        if (close >= 0)
        {
            var reasoning = text[..close].TrimEnd();
            text = text[(close + Close.Length)..];
            _state = State.After;
            return reasoning;
        }

        // What may be the end of the reasoning waits: the beginning of the closing tag, and white space before it.
        var length = text.Length;
        for (var take = Math.Min(Close.Length - 1, length); take > 0; take--)
        {
            if (text.AsSpan().EndsWith(Close.AsSpan(0, take), StringComparison.Ordinal))
            {
                length -= take;
                break;
            }
        }

        length = text.AsSpan(0, length).TrimEnd().Length;
        _held.Append(text, length, text.Length - length);
        return text[..length];
    }

    private string ReadAfter(string text)
    {
        if (_state == State.After)
        {
            text = text.TrimStart();
            if (text.Length > 0)
            {
                _state = State.Outside;
            }
        }

        return text;
    }
}
