using System.Buffers;

namespace JanServer.LlmApi.Streaming;

/// <summary>What <see cref="SseReader.TryRead"/> found at the front of the buffer.</summary>
internal enum SseToken
{
    /// <summary>No whole event yet: more bytes are needed.</summary>
    Incomplete,

    /// <summary>An event with data.</summary>
    Event,

    /// <summary>Comments, or an event without data, which a client would not see either.</summary>
    Silence,
}

/// <summary>
/// Splits a byte stream into server-sent events (WHATWG HTML, section 9.2.6): lines end with LF, CRLF or CR, a blank line ends an event,
/// several data lines are one value joined by LF, a byte order mark at the start is skipped. Only whole events come out, and no byte is
/// looked at twice, however the stream is cut into reads.
/// </summary>
internal sealed class SseReader : IDisposable
{
    private const int FirstSize = 8192;
    private const int LeastSpace = 2048;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private ArrayBufferWriter<byte>? _joined;
    private int _start;
    private int _line;
    private int _search;
    private int _end;
    private int _dataLines;
    private Range _value;
    private bool _skipLineFeed;
    private bool _begun;

    /// <summary>How many bytes are waiting for the rest of their event.</summary>
    public int Pending => _end - _start;

    /// <summary>Where to read more bytes to; call <see cref="Advance"/> with how many there were.</summary>
    public Memory<byte> Space()
    {
        if (_start == _end)
        {
            Rebase(_buffer);
        }
        else if (_buffer.Length - _end < LeastSpace)
        {
            var full = _buffer;
            if (_start >= full.Length / 2)
            {
                Rebase(full);
            }
            else
            {
                Rebase(ArrayPool<byte>.Shared.Rent(full.Length * 2));
                ArrayPool<byte>.Shared.Return(full);
            }
        }

        return _buffer.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    /// <summary>
    /// Takes the next event off the buffer; <paramref name="data"/> is valid until the next call of <see cref="Space"/> or of this.
    /// </summary>
    /// <param name="ended">Whether the stream has ended: an event that lacks only its blank line then still counts.</param>
    public SseToken TryRead(bool ended, out ReadOnlyMemory<byte> data)
    {
        data = default;
        while (SkipPreamble(ended))
        {
            var at = _buffer.AsSpan(_search, _end - _search).IndexOfAny((byte)'\n', (byte)'\r');
            if (at < 0)
            {
                _search = _end;
                break;
            }

            at += _search;
            var line = _line..at;
            _line = _search = at + 1;

            // A LF after CR belongs to it, also when it arrives with the next read.
            _skipLineFeed = _buffer[at] == (byte)'\r';
            if (line.Start.Value == at)
            {
                return Take(out data);
            }

            AddLine(line);
        }

        if (ended && _line < _end)
        {
            AddLine(_line.._end);
            _line = _search = _end;
        }

        return ended && _dataLines > 0 ? Take(out data) : SseToken.Incomplete;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Rebase(byte[] target)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _value = Math.Max(0, _value.Start.Value - _start)..Math.Max(0, _value.End.Value - _start);
        (_line, _search, _end) = (_line - _start, _search - _start, _end - _start);
        (_start, _buffer) = (0, target);
    }

    private SseToken Take(out ReadOnlyMemory<byte> data)
    {
        data = _dataLines switch
        {
            0 => default,
            1 => _buffer.AsMemory(_value),
            _ => _joined!.WrittenMemory,
        };
        var token = _dataLines > 0 ? SseToken.Event : SseToken.Silence;
        (_start, _dataLines) = (_line, 0);
        return token;
    }

    private bool SkipPreamble(bool ended)
    {
        if (_skipLineFeed && _line < _end)
        {
            _skipLineFeed = false;
            _line += _buffer[_line] == (byte)'\n' ? 1 : 0;
            _search = Math.Max(_search, _line);
            _start = _dataLines == 0 ? _line : _start;
        }

        if (!_begun)
        {
            var mark = "\uFEFF"u8;
            var head = _buffer.AsSpan(_line, Math.Min(_end - _line, mark.Length));
            if (head.Length < mark.Length && mark.StartsWith(head) && !ended)
            {
                return false;
            }

            _begun = true;
            if (head.SequenceEqual(mark))
            {
                _start = _line = _search = mark.Length;
            }
        }

        return _line < _end;
    }

    private void AddLine(Range line)
    {
        var (offset, length) = line.GetOffsetAndLength(_end);
        var text = _buffer.AsSpan(offset, length);
        var name = "data"u8;
        if (!text.StartsWith(name) || (length > name.Length && text[name.Length] != (byte)':'))
        {
            return;
        }

        var skip = Math.Min(length, name.Length + 1);
        skip += length > skip && text[skip] == (byte)' ' ? 1 : 0;
        var value = (offset + skip)..(offset + length);
        if (++_dataLines == 1)
        {
            _value = value;
            return;
        }

        _joined ??= new();
        if (_dataLines == 2)
        {
            _joined.ResetWrittenCount();
            _joined.Write(_buffer.AsSpan(_value));
        }

        _joined.Write("\n"u8);
        _joined.Write(_buffer.AsSpan(value));
    }
}
