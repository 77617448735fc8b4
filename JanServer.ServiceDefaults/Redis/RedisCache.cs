using System.Buffers.Binary;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>
/// The distributed cache of all replicas. A cache that is away is an empty one: reads miss and writes are lost, with a warning in the
/// log, and requests go on. A value begins with its sliding expiration and its end, both in milliseconds.
/// </summary>
internal sealed partial class RedisCache(RedisClient redis, TimeProvider clock, ILogger<RedisCache> logger) : IDistributedCache
{
    private const string Prefix = "cache:";
    private const int HeaderLength = 16;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        if ((await TryAsync(["GET", Prefix + key], default, token)).Bytes is not { Length: >= HeaderLength } value)
        {
            return null;
        }

        await SlideAsync(key, value, token);
        return value[HeaderLength..];
    }

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        var now = clock.GetUtcNow();
        var sliding = (long)(options.SlidingExpiration?.TotalMilliseconds ?? 0);
        var end = options.AbsoluteExpirationRelativeToNow is { } relative ? now + relative : options.AbsoluteExpiration;
        var stored = new byte[HeaderLength + value.Length];
        BinaryPrimitives.WriteInt64BigEndian(stored, sliding);
        BinaryPrimitives.WriteInt64BigEndian(stored.AsSpan(8), end?.ToUnixTimeMilliseconds() ?? 0);
        value.CopyTo(stored, HeaderLength);

        if (LifeOf(stored, now) is { } life)
        {
            await TryAsync(["SET", Prefix + key, "PX", $"{Math.Max(1, life)}"], stored, token);
        }
        else
        {
            await TryAsync(["SET", Prefix + key], stored, token);
        }
    }

    public async Task RefreshAsync(string key, CancellationToken token = default) => await GetAsync(key, token);

    public Task RemoveAsync(string key, CancellationToken token = default) => TryAsync(["DEL", Prefix + key], default, token);

    public byte[]? Get(string key) => throw Blocking();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw Blocking();

    public void Refresh(string key) => throw Blocking();

    public void Remove(string key) => throw Blocking();

    private async Task SlideAsync(string key, byte[] value, CancellationToken ct)
    {
        if (BinaryPrimitives.ReadInt64BigEndian(value) > 0 && LifeOf(value, clock.GetUtcNow()) is { } life)
        {
            await TryAsync(["PEXPIRE", Prefix + key, $"{Math.Max(1, life)}"], default, ct);
        }
    }

    // Milliseconds from now, or null for ever.
    private static long? LifeOf(ReadOnlySpan<byte> value, DateTimeOffset now)
    {
        var sliding = BinaryPrimitives.ReadInt64BigEndian(value);
        var end = BinaryPrimitives.ReadInt64BigEndian(value[8..]);
        var left = end > 0 ? end - now.ToUnixTimeMilliseconds() : long.MaxValue;
        var life = sliding > 0 ? Math.Min(sliding, left) : left;
        return life == long.MaxValue ? null : life;
    }

    // The value, when there is one, is the third argument.
    private async Task<RedisReply> TryAsync(string[] command, ReadOnlyMemory<byte> value, CancellationToken ct)
    {
        var arguments = RedisCommand.Of(command);
        try
        {
            return await redis.ExecuteAsync(value.IsEmpty ? arguments : [.. arguments[..2], value, .. arguments[2..]], ct);
        }
        catch (RedisException exception)
        {
            Log.Unavailable(logger, exception, command[0]);
            return RedisReply.Nil;
        }
    }

    private static NotSupportedException Blocking() => new("This cache is asynchronous; blocking on the network is not offered.");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The cache in Redis could not do {Command}")]
        public static partial void Unavailable(ILogger logger, Exception exception, string command);
    }
}
