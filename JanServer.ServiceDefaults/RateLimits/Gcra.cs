namespace JanServer.ServiceDefaults.RateLimits;

/// <summary>
/// The generic cell rate algorithm (ITU-T I.371): one time per key, the theoretical arrival time at which everything taken so far
/// will have come back. It slides, needs no cleaning of windows, and allows no double burst at a window's edge. Times are in
/// microseconds, the resolution of Redis' clock.
/// </summary>
internal static class Gcra
{
    /// <summary>Decides; <paramref name="arrival"/> is the key's time before, and after if the permits were taken.</summary>
    public static RateLimitResult Take(RateLimit limit, int permits, long now, ref long arrival)
    {
        var window = (long)limit.Window.TotalMicroseconds;
        var before = Math.Max(arrival, now);
        var after = before + Cost(limit, permits);
        var allowed = after - now <= window;
        if (allowed)
        {
            arrival = before = after;
        }

        return Result(limit, allowed, ahead: before - now, missing: allowed ? 0 : after - now - window);
    }

    /// <param name="limit">The limit.</param>
    /// <param name="allowed">Whether the permits were taken.</param>
    /// <param name="ahead">How far the key's time is ahead of now.</param>
    /// <param name="missing">How long until the question would be allowed.</param>
    public static RateLimitResult Result(RateLimit limit, bool allowed, long ahead, long missing)
    {
        var window = (long)limit.Window.TotalMicroseconds;
        var remaining = Math.Clamp((long)((Int128)(window - ahead) * limit.Permits / window), 0, limit.Permits);
        return new(allowed, limit.Permits, (int)remaining, TimeSpan.FromMicroseconds(ahead), TimeSpan.FromMicroseconds(missing));
    }

    /// <summary>How far permits move the key's time; rounded down, so that one by one gives at least the permits there are.</summary>
    public static long Cost(RateLimit limit, int permits) => (long)((Int128)(long)limit.Window.TotalMicroseconds * permits / limit.Permits);
}
