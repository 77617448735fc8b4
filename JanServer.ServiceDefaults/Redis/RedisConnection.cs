using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>
/// One connection that all callers share. Commands are written as they come and sent together when the socket is free; replies come in
/// the same order, so the oldest waiting caller gets the next one. Once broken it stays broken.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    // Callers beyond this are told at once that Redis cannot keep up, instead of queueing without end.
    private const int MaxPending = 4096;

    private readonly Stream _stream;
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource<RedisReply>> _pending = new();
    private readonly Channel<bool> _wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _sending;
    private readonly Task _receiving;
    private ArrayBufferWriter<byte> _filling = new(4096);
    private ArrayBufferWriter<byte> _emptying = new(4096);
    private RedisException? _broken;

    private RedisConnection(Stream stream)
    {
        _stream = stream;
        _sending = SendAsync();
        _receiving = ReceiveAsync();
    }

    public bool IsOpen => _broken is null;

    /// <summary>Connects and authenticates.</summary>
    /// <exception cref="RedisException">The server refuses.</exception>
    public static async Task<RedisConnection> OpenAsync(RedisSettings settings, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(settings.Host, settings.Port, ct);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (settings.Tls)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsClientAsync(new() { TargetHost = settings.TlsHost ?? settings.Host }, ct);
            }

            var connection = new RedisConnection(stream);
            await connection.IntroduceAsync(settings, ct);
            return connection;
        }
        catch
        {
            socket.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            throw;
        }
    }

    /// <exception cref="RedisException">The connection is broken, or has too many commands waiting.</exception>
    public Task<RedisReply> SendAsync(ReadOnlySpan<ReadOnlyMemory<byte>> command)
    {
        // Continuations elsewhere: they must not run on, or block, the loop that reads replies.
        var reply = new TaskCompletionSource<RedisReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_broken is not null)
            {
                throw _broken;
            }

            if (_pending.Count >= MaxPending)
            {
                throw new RedisException("Redis does not keep up with the commands.");
            }

            Resp.WriteCommand(_filling, command);
            _pending.Enqueue(reply);
        }

        _wake.Writer.TryWrite(true);
        return reply.Task;
    }

    /// <summary>Gives up on the connection: every waiting caller gets the reason.</summary>
    public void Break(Exception reason)
    {
        TaskCompletionSource<RedisReply>[] waiting;
        lock (_lock)
        {
            if (_broken is not null)
            {
                return;
            }

            _broken = new("The connection to Redis broke.", reason);
            waiting = [.. _pending];
            _pending.Clear();
        }

        _end.Cancel();
        _stream.Dispose();
        foreach (var caller in waiting)
        {
            caller.TrySetException(_broken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Break(new ObjectDisposedException(nameof(RedisConnection)));
        await _sending;
        await _receiving;
        _end.Dispose();
    }

    private async Task IntroduceAsync(RedisSettings settings, CancellationToken ct)
    {
        if (settings.Password is { } password)
        {
            var authenticate = settings.User is { } user ? RedisCommand.Of("AUTH", user, password) : RedisCommand.Of("AUTH", password);
            Check(await SendAsync(authenticate).WaitAsync(ct));
        }

        Check(settings.Database > 0
            ? await SendAsync(RedisCommand.Of(["SELECT", $"{settings.Database}"])).WaitAsync(ct)
            : await SendAsync(RedisCommand.Of(["PING"])).WaitAsync(ct));

        static void Check(RedisReply reply)
        {
            if (reply.Kind == RedisReplyKind.Error)
            {
                throw new RedisException(reply.Text);
            }
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (await _wake.Reader.WaitToReadAsync(_end.Token))
            {
                _wake.Reader.TryRead(out _);
                lock (_lock)
                {
                    (_filling, _emptying) = (_emptying, _filling);
                }

                await _stream.WriteAsync(_emptying.WrittenMemory, _end.Token);
                _emptying.ResetWrittenCount();
            }
        }
        catch (Exception exception)
        {
            Break(exception);
        }
    }

    private async Task ReceiveAsync()
    {
        var reader = PipeReader.Create(_stream);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(_end.Token);
                var buffer = read.Buffer;
                while (TryTake(ref buffer, out var reply))
                {
                    Deliver(reply);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    throw new EndOfStreamException("Redis closed the connection.");
                }
            }
        }
        catch (Exception exception)
        {
            Break(exception);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private void Deliver(RedisReply reply)
    {
        TaskCompletionSource<RedisReply>? caller;
        lock (_lock)
        {
            _pending.TryDequeue(out caller);
        }

        if (caller is null)
        {
            throw new RedisException("Redis sent a reply that nobody asked for.");
        }

        caller.TrySetResult(reply);
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out RedisReply reply)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!Resp.TryRead(ref reader, out reply))
        {
            return false;
        }

        buffer = buffer.Slice(reader.Position);
        return true;
    }
}
