using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace JanServer.Benchmarks.Load.Http;

/// <summary>
/// One keep-alive HTTP/1.1 connection that sends prepared bytes and reads answers with a length or in chunks. It knows no more than
/// the driver needs, because the driver shares the cores with what it measures.
/// </summary>
internal sealed class RawConnection(IPEndPoint server) : IDisposable
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private Socket? _socket;
    private int _start;
    private int _end;

    /// <summary>Body bytes as they arrive, with the monotonic time of their arrival.</summary>
    public delegate void BodyHandler(ReadOnlySpan<byte> bytes, long timestamp);

    /// <summary>Sends a request and reads its whole answer.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="IOException">The connection broke, or the answer is not HTTP.</exception>
    public async Task<int> ExchangeAsync(ReadOnlyMemory<byte> request, BodyHandler? onBody, CancellationToken ct)
    {
        try
        {
            _socket ??= await ConnectAsync(ct);
            for (var sent = 0; sent < request.Length;)
            {
                sent += await _socket.SendAsync(request[sent..], ct);
            }

            return await ReadAnswerAsync(onBody, ct);
        }
        catch (Exception exception)
        {
            Dispose();
            throw exception is SocketException ? new IOException("The connection broke.", exception) : exception;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
        (_start, _end) = (0, 0);
    }

    private async Task<Socket> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, ct);
        return socket;
    }

    private async Task<int> ReadAnswerAsync(BodyHandler? onBody, CancellationToken ct)
    {
        int headerLength;
        while ((headerLength = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync(ct);
        }

        var (status, length, chunked) = ReadHeader(_buffer.AsSpan(_start, headerLength + 2));
        _start += headerLength + 4;
        if (chunked)
        {
            while ((length = await ReadChunkSizeAsync(ct)) > 0)
            {
                await ReadBodyAsync(length, onBody, ct);
                await SkipLineEndAsync(ct);
            }

            await SkipLineEndAsync(ct);
        }
        else
        {
            await ReadBodyAsync(length, onBody, ct);
        }

        return status;
    }

    private static (int Status, long Length, bool Chunked) ReadHeader(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(header["HTTP/1.1 "u8.Length..], out int status, out _))
        {
            throw new IOException("The answer is not HTTP/1.1.");
        }

        long length = 0;
        var chunked = false;
        foreach (var range in header.Split("\r\n"u8))
        {
            var line = header[range];
            if (StartsWith(line, "content-length:"u8))
            {
                length = Utf8Parser.TryParse(line["content-length:"u8.Length..].TrimStart((byte)' '), out long value, out _)
                    ? value
                    : throw new IOException("The answer's length is no number.");
            }
            else if (StartsWith(line, "transfer-encoding:"u8))
            {
                chunked = true;
            }
        }

        return (status, length, chunked);
    }

    private static bool StartsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private async ValueTask<long> ReadChunkSizeAsync(CancellationToken ct)
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            await FillAsync(ct);
        }

        if (!Utf8Parser.TryParse(_buffer.AsSpan(_start, end), out long size, out _, 'x'))
        {
            throw new IOException("A chunk has no size.");
        }

        _start += end + 2;
        return size;
    }

    private async ValueTask ReadBodyAsync(long length, BodyHandler? onBody, CancellationToken ct)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                await FillAsync(ct);
            }

            var take = (int)Math.Min(length, _end - _start);
            onBody?.Invoke(_buffer.AsSpan(_start, take), Stopwatch.GetTimestamp());
            _start += take;
            length -= take;
        }
    }

    private async ValueTask SkipLineEndAsync(CancellationToken ct)
    {
        while (_end - _start < 2)
        {
            await FillAsync(ct);
        }

        _start += 2;
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = _end < _buffer.Length ? await _socket!.ReceiveAsync(_buffer.AsMemory(_end), ct) : 0;
        if (read == 0)
        {
            throw new IOException(_end < _buffer.Length ? "The server closed the connection." : "A header is too long.");
        }

        _end += read;
    }
}
