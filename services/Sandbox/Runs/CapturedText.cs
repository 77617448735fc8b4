using System.Buffers;
using System.Globalization;
using System.Text;

namespace JanServer.Sandbox.Runs;

/// <summary>The beginning of what a program printed.</summary>
/// <param name="Text">As UTF-8; what is not is replaced. Ends with a notice when something is left out.</param>
/// <param name="Dropped">How many bytes are left out.</param>
internal sealed record CapturedText(string Text, long Dropped)
{
    public static readonly CapturedText Empty = new("", 0);

    private const int Step = 16 << 10;

    public bool Truncated => Dropped > 0;

    /// <summary>Reads a stream to its end and keeps no more than <paramref name="limit"/> bytes: what is more is read and dropped.</summary>
    public static async Task<CapturedText> ReadAsync(Stream stream, int limit, CancellationToken ct)
    {
        var collector = new Collector(limit);
        var buffer = new byte[Step];
        while (await stream.ReadAsync(buffer, ct) is > 0 and var read)
        {
            collector.Add(buffer.AsSpan(0, read));
        }

        return collector.ToText();
    }

    /// <summary>Keeps the first bytes of what it is given.</summary>
    internal sealed class Collector(int limit)
    {
        private readonly ArrayBufferWriter<byte> _kept = new();
        private long _dropped;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            var room = Math.Min(bytes.Length, limit - _kept.WrittenCount);
            _kept.Write(bytes[..room]);
            _dropped += bytes.Length - room;
        }

        public CapturedText ToText()
        {
            var bytes = _kept.WrittenSpan;
            if (_dropped == 0)
            {
                return new(Encoding.UTF8.GetString(bytes), 0);
            }

            var end = WholeCharacters(bytes);
            var dropped = _dropped + bytes.Length - end;
            var notice = string.Create(CultureInfo.InvariantCulture, $"\n[output truncated: {dropped} more bytes]");
            return new(Encoding.UTF8.GetString(bytes[..end]) + notice, dropped);
        }

        /// <summary>Where the last whole character ends.</summary>
        private static int WholeCharacters(ReadOnlySpan<byte> bytes)
        {
            var start = bytes.Length;
            while (start > 0 && bytes.Length - start < 3 && (bytes[start - 1] & 0xC0) == 0x80)
            {
                start--;
            }

            var lead = start > 0 ? bytes[start - 1] : (byte)0;
            var length = lead switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 0 };
            return length > bytes.Length - start + 1 ? start - 1 : bytes.Length;
        }
    }
}
