namespace JanServer.McpTools.External.Connections;

/// <summary>A message of a server is larger than allowed. No IOException: the SDK takes those for a broken connection and reads on.</summary>
internal sealed class MessageTooLargeException() : Exception("The server's message is larger than allowed.");

/// <summary>
/// Reads a server's stream and breaks off when one message is too large: a body, a line, or an event, which ends with an empty line.
/// </summary>
internal sealed class LimitedStream(Stream inner, long maxBytes, MessageEnd end) : Stream
{
    private long _length;
    private int _breaks;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Count(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        while (end != MessageEnd.Body && bytes.IndexOf((byte)'\n') is >= 0 and var place)
        {
            var line = bytes[..place];
            var isEmpty = line.IsEmpty || line.SequenceEqual("\r"u8);
            _breaks = isEmpty ? _breaks + 1 : 1;
            Add(place + 1);
            if (end == MessageEnd.Line || _breaks > 1)
            {
                _length = 0;
            }

            bytes = bytes[(place + 1)..];
        }

        if (!bytes.IsEmpty)
        {
            // A line may be cut before its end, and then its end is an empty line or the half of one.
            _breaks = bytes.SequenceEqual("\r"u8) ? _breaks : 0;
            Add(bytes.Length);
        }
    }

    private void Add(int count)
    {
        _length += count;
        if (_length > maxBytes)
        {
            throw new MessageTooLargeException();
        }
    }
}

/// <summary>What ends a message.</summary>
internal enum MessageEnd
{
    Body,
    Line,
    Event,
}
