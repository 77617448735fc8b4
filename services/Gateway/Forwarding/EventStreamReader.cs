using System.Buffers;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Gateway.Forwarding;

/// <summary>
/// Reads an event stream and hands on whole events only, byte for byte. When the stream breaks off, what has been read of the event
/// at that moment is dropped and a final error event takes its place, with <c>data: [DONE]</c> where clients wait for it.
/// </summary>
/// <remarks>Usually a read ends where an event ends; then nothing is copied and the cost is looking at the last bytes.</remarks>
internal sealed partial class EventStreamReader(Stream inner, bool endsWithDone, string requestId, ILogger logger) : Stream
{
    // An event longer than this is passed on in pieces: holding it back would cost more than a cut in it could.
    private const int MaxHeldBytes = 1 << 20;

    private byte[] _buffer = [];

    // _buffer[_start.._ready] may be handed on, _buffer[_ready.._end] is the beginning of an event.
    private int _start;
    private int _ready;
    private int _end;
    private bool _done;
    private bool _ended;

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
        if (buffer.IsEmpty)
        {
            // The proxy waits with an empty buffer so that an idle stream pins no memory.
            return _ready > _start || _ended ? 0 : await WaitAsync(cancellationToken);
        }

        while (true)
        {
            if (_ready > _start)
            {
                return TakeReady(buffer);
            }

            if (_ended)
            {
                return 0;
            }

            var read = await ReadEventsAsync(buffer, cancellationToken);
            if (read > 0)
            {
                return read;
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _start = _ready = _end = 0;
            _ended = true;
            Release();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> WaitAsync(CancellationToken ct)
    {
        try
        {
            return await inner.ReadAsync(Memory<byte>.Empty, ct);
        }
        catch (IOException exception) when (!ct.IsCancellationRequested)
        {
            BreakOff(exception);
            return 0;
        }
    }

    /// <summary>Reads once. Returns the bytes put into <paramref name="buffer"/>, or 0 after changing what is ready or ended.</summary>
    private async ValueTask<int> ReadEventsAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var direct = _end == _start;
        if (!direct)
        {
            MakeRoom();
        }

        int read;
        try
        {
            read = await inner.ReadAsync(direct ? buffer : _buffer.AsMemory(_end), ct);
        }
        catch (IOException exception) when (!ct.IsCancellationRequested)
        {
            BreakOff(exception);
            return 0;
        }

        if (read == 0)
        {
            End();
            return 0;
        }

        return direct ? Pass(buffer.Span[..read]) : Hold(read);
    }

    /// <summary>Whole events stay in the caller's buffer; only the beginning of a next one is kept aside.</summary>
    private int Pass(ReadOnlySpan<byte> read)
    {
        var whole = EventBoundary.EndOfWholeEvents(read);
        if (whole < read.Length)
        {
            Keep(read[whole..]);
        }

        Note(read[..whole]);
        return whole;
    }

    private int Hold(int read)
    {
        var held = _buffer.AsSpan(_start, _end - _start + read);
        _end += read;
        var whole = EventBoundary.EndOfWholeEvents(held);
        if (whole == 0 && held.Length > MaxHeldBytes)
        {
            whole = held.Length;
        }

        _ready = _start + whole;
        Note(held[..whole]);
        return 0;
    }

    private void Note(ReadOnlySpan<byte> events)
    {
        if (!events.IsEmpty)
        {
            _done = EventBoundary.EndsWithDone(events);
        }
    }

    private int TakeReady(Memory<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _ready - _start);
        _buffer.AsSpan(_start, length).CopyTo(buffer.Span);
        _start += length;
        if (_start == _end)
        {
            Release();
        }

        return length;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length < bytes.Length)
        {
            Release();
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, 4096));
        }

        bytes.CopyTo(_buffer);
        (_start, _ready, _end) = (0, 0, bytes.Length);
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        var held = _buffer.AsSpan(_start, _end - _start);
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        held.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _ready, _end) = (larger, 0, 0, held.Length);
    }

    private void End()
    {
        _ended = true;
        if (endsWithDone && !_done)
        {
            BreakOff(null);
            return;
        }

        // The service ended on purpose; an event that it left open is its own affair.
        _ready = _end;
    }

    private void BreakOff(Exception? exception)
    {
        _ended = true;
        Release();
        if (_done)
        {
            return;
        }

        Log.BrokenOff(logger, exception, requestId);
        var last = new ArrayBufferWriter<byte>(512);
        ErrorEnvelope.WriteEvent(last, ApiError.Upstream("The answer broke off: the service behind the gateway ended unexpectedly."), requestId);
        if (endsWithDone)
        {
            last.Write("data: [DONE]\n\n"u8);
        }

        Keep(last.WrittenSpan);
        _ready = _end;
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _start, _ready, _end) = ([], 0, 0, 0);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The event stream of request {RequestId} broke off")]
        public static partial void BrokenOff(ILogger logger, Exception? exception, string requestId);
    }
}
