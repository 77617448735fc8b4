namespace JanServer.ServiceDefaults.RateLimits;

/// <summary>Limits within this process. Each replica counts for itself.</summary>
internal sealed class LocalRateLimiter(TimeProvider clock) : IRateLimiter
{
    private const int Shards = 16;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];

    /// <summary>How many keys are kept at most.</summary>
    internal const int Capacity = Shards * Shard.Capacity;

    internal int Count => _shards.Sum(shard => shard.Count);

    public ValueTask<RateLimitResult> TakeAsync(string key, RateLimit limit, int permits, CancellationToken ct) =>
        new(_shards[(uint)key.GetHashCode(StringComparison.Ordinal) % Shards].Take(key, limit, permits, Now()));

    private long Now() => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed class Shard
    {
        public const int Capacity = 8192;

        private readonly Dictionary<string, long> _arrivals = new(StringComparer.Ordinal);
        private readonly Lock _lock = new();

        public int Count => _arrivals.Count;

        public RateLimitResult Take(string key, RateLimit limit, int permits, long now)
        {
            lock (_lock)
            {
                var known = _arrivals.TryGetValue(key, out var arrival);
                var result = Gcra.Take(limit, permits, now, ref arrival);
                if (result.IsAllowed && permits > 0)
                {
                    if (!known && _arrivals.Count >= Capacity)
                    {
                        Evict(now);
                    }

                    _arrivals[key] = arrival;
                }

                return result;
            }
        }

        // A key whose time is past is one that was never seen. If every key is in use, memory wins over counting.
        private void Evict(long now)
        {
            foreach (var (key, arrival) in _arrivals)
            {
                if (arrival <= now)
                {
                    _arrivals.Remove(key);
                }
            }

            if (_arrivals.Count >= Capacity)
            {
                _arrivals.Clear();
            }
        }
    }
}
