using System.Diagnostics.Metrics;
using JanServer.ServiceDefaults.Redis;
using Microsoft.Extensions.Logging;

namespace JanServer.ServiceDefaults.RateLimits;

/// <summary>
/// Limits all replicas together: <see cref="Gcra"/> as one script, which Redis runs atomically and by its own clock. While Redis is
/// away, this process counts for itself: limits get looser by the number of replicas, and no request fails.
/// </summary>
internal sealed partial class RedisRateLimiter : IRateLimiter
{
    /// <summary>How long Redis is left alone after it failed, so that an outage does not delay every request.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const string Prefix = "limit:";

    // Numbers are doubles in Lua: microseconds since 1970 stay exact until the year 2255.
    private static readonly RedisScript Script = new("""
        local window = tonumber(ARGV[1])
        local cost = tonumber(ARGV[2])
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local before = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
        local after = before + cost
        if after - now > window then
          return {0, before - now, after - now - window}
        end
        if cost > 0 then
          redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
        end
        return {1, after - now, 0}
        """);

    private readonly RedisClient _redis;
    private readonly LocalRateLimiter _local;
    private readonly TimeProvider _clock;
    private readonly ILogger<RedisRateLimiter> _logger;
    private readonly Counter<long> _degraded;
    private long _pausedUntil;

    public RedisRateLimiter(
        RedisClient redis,
        LocalRateLimiter local,
        TimeProvider clock,
        IMeterFactory meters,
        ILogger<RedisRateLimiter> logger)
    {
        _redis = redis;
        _local = local;
        _clock = clock;
        _logger = logger;
        _degraded = meters.Create("JanServer.RateLimits").CreateCounter<long>(
            "janserver.rate_limits.degraded",
            "{decision}",
            "Decisions that one process made for itself because Redis was away.");
    }

    public async ValueTask<RateLimitResult> TakeAsync(string key, RateLimit limit, int permits, CancellationToken ct)
    {
        if (MayAsk())
        {
            try
            {
                var reply = await _redis.EvaluateAsync(
                    Script,
                    Prefix + key,
                    [RedisCommand.Bytes((long)limit.Window.TotalMicroseconds), RedisCommand.Bytes(Gcra.Cost(limit, permits))],
                    ct);
                if (reply.Items is [var allowed, var ahead, var missing])
                {
                    Interlocked.Exchange(ref _pausedUntil, 0);
                    return Gcra.Result(limit, allowed.Integer == 1, ahead.Integer, missing.Integer);
                }
            }
            catch (RedisException exception)
            {
                Interlocked.Exchange(ref _pausedUntil, (_clock.GetUtcNow() + Pause).UtcTicks);
                Log.Degraded(_logger, exception, Pause);
            }
        }

        _degraded.Add(1);
        return await _local.TakeAsync(key, limit, permits, ct);
    }

    // After a failure one request at a time finds out whether Redis is back; the others do not wait for it.
    private bool MayAsk()
    {
        var until = Interlocked.Read(ref _pausedUntil);
        var now = _clock.GetUtcNow();
        return until == 0
            || (now.UtcTicks >= until && Interlocked.CompareExchange(ref _pausedUntil, (now + Pause).UtcTicks, until) == until);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Rate limits are counted by this process alone for {Pause}: Redis is away")]
        public static partial void Degraded(ILogger logger, Exception exception, TimeSpan pause);
    }
}
