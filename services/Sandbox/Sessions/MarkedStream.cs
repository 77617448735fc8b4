using System.Buffers;
using JanServer.Sandbox.Runs;

namespace JanServer.Sandbox.Sessions;

/// <summary>Reads an output stream cell by cell: each ends with a token that nobody could know before.</summary>
internal sealed class MarkedStream(Stream stream)
{
    private const int Step = 16 << 10;

    private readonly ArrayBufferWriter<byte> _pending = new(Step);

    /// <summary>Reads until the token, and keeps no more than <paramref name="limit"/> bytes of what is before it.</summary>
    /// <returns>The text, and whether the token came; false when the stream ended.</returns>
    public async Task<(CapturedText Text, bool Complete)> ReadAsync(ReadOnlyMemory<byte> token, int limit, CancellationToken ct)
    {
        var text = new CapturedText.Collector(limit);
        while (true)
        {
            var end = _pending.WrittenSpan.IndexOf(token.Span);
            if (end >= 0)
            {
                text.Add(_pending.WrittenSpan[..end]);
                Keep(end + token.Length);
                return (text.ToText(), true);
            }

            // The end of what is there may be the beginning of the token.
            var sure = Math.Max(0, _pending.WrittenCount - token.Length + 1);
            text.Add(_pending.WrittenSpan[..sure]);
            Keep(sure);
            var read = await stream.ReadAsync(_pending.GetMemory(Step), ct);
            if (read == 0)
            {
                text.Add(_pending.WrittenSpan);
                Keep(_pending.WrittenCount);
                return (text.ToText(), false);
            }

            _pending.Advance(read);
        }
    }

    private void Keep(int from)
    {
        if (from > 0)
        {
            var rest = _pending.WrittenSpan[from..].ToArray();
            _pending.ResetWrittenCount();
            _pending.Write(rest);
        }
    }
}
