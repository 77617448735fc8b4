using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>
/// Speaks to one Redis over one shared connection, which is opened when it is needed. While the server is away, commands fail at once
/// and a connection is tried again with growing pauses; a command without an answer in time ends its connection.
/// </summary>
internal sealed partial class RedisClient(RedisSettings settings, TimeProvider clock, ILogger<RedisClient> logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private RedisConnection? _open;
    private Task<RedisConnection>? _attempt;
    private TimeSpan _pause;
    private DateTimeOffset _nextAttempt;
    private bool _disposed;

    /// <summary>Sends a command and returns its reply, which is not an error.</summary>
    /// <exception cref="RedisException">Redis refuses, cannot be reached, or does not answer in time.</exception>
    public async Task<RedisReply> ExecuteAsync(ReadOnlyMemory<byte>[] command, CancellationToken ct)
    {
        var connection = await ConnectAsync().WaitAsync(ct);
        try
        {
            var reply = await connection.SendAsync(command).WaitAsync(settings.CommandTimeout, clock, ct);
            return reply.Kind == RedisReplyKind.Error ? throw new RedisException(reply.Text) : reply;
        }
        catch (TimeoutException exception)
        {
            connection.Break(exception);
            throw new RedisException("Redis did not answer in time.", exception);
        }
    }

    /// <summary>Runs a script.</summary>
    /// <exception cref="RedisException">Redis refuses, cannot be reached, or does not answer in time.</exception>
    public async Task<RedisReply> EvaluateAsync(RedisScript script, string key, ReadOnlyMemory<byte>[] arguments, CancellationToken ct)
    {
        ReadOnlyMemory<byte>[] rest = [RedisCommand.Bytes(1), RedisCommand.Bytes(key), .. arguments];
        try
        {
            return await ExecuteAsync([RedisCommand.Bytes("EVALSHA"), script.Name, .. rest], ct);
        }
        catch (RedisException exception) when (exception.IsUnknownScript)
        {
            return await ExecuteAsync([RedisCommand.Bytes("EVAL"), script.Text, .. rest], ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        if (_open is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private Task<RedisConnection> ConnectAsync()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_attempt is { } attempt && (!attempt.IsCompleted || _open is { IsOpen: true }))
            {
                return attempt;
            }

            // A connection that broke was a good one before: it is worth an attempt at once.
            return clock.GetUtcNow() < _nextAttempt
                ? Task.FromException<RedisConnection>(new RedisException("Redis cannot be reached; it is tried again shortly."))
                : _attempt = OpenAsync();
        }
    }

    private async Task<RedisConnection> OpenAsync()
    {
        using var deadline = new CancellationTokenSource(settings.ConnectTimeout, clock);
        try
        {
            var connection = await RedisConnection.OpenAsync(settings, deadline.Token);
            _open = connection;
            _pause = TimeSpan.Zero;
            Log.Connected(logger, settings.Host, settings.Port);
            return connection;
        }
        catch (Exception exception)
            when (exception is SocketException or IOException or AuthenticationException or OperationCanceledException or RedisException)
        {
            _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            _nextAttempt = clock.GetUtcNow() + _pause;
            Log.Unreachable(logger, exception, settings.Host, settings.Port, _pause);
            throw new RedisException("Redis cannot be reached.", exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Connected to Redis at {Host}:{Port}")]
        public static partial void Connected(ILogger logger, string host, int port);

        [LoggerMessage(LogLevel.Warning, "Redis at {Host}:{Port} cannot be reached; trying again in {Pause}")]
        public static partial void Unreachable(ILogger logger, Exception exception, string host, int port, TimeSpan pause);
    }
}
