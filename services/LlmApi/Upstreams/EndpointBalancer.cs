using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Upstreams;

/// <summary>
/// Chooses among the endpoints of one provider: those that are well before those that are not, then by priority, then by weight or load.
/// </summary>
internal sealed class EndpointBalancer(IReadOnlyList<UpstreamEndpoint> endpoints, LoadBalancing balancing)
{
    /// <summary>The most endpoints that a provider may have: one bit each says which were tried.</summary>
    public const int MaxEndpoints = 32;

    private readonly Lock _lock = new();
    private int _turn;

    /// <summary>The position of the best endpoint that is not in <paramref name="tried"/>; -1 when all are.</summary>
    public int Next(uint tried)
    {
        if (endpoints.Count == 1)
        {
            return tried == 0 ? 0 : -1;
        }

        Span<long> ranks = stackalloc long[MaxEndpoints];
        var best = long.MaxValue;
        for (var i = 0; i < endpoints.Count; i++)
        {
            ranks[i] = (tried & (1u << i)) != 0 ? long.MaxValue : RankOf(endpoints[i]);
            best = Math.Min(best, ranks[i]);
        }

        if (best == long.MaxValue)
        {
            return -1;
        }

        lock (_lock)
        {
            return balancing == LoadBalancing.LeastLoaded ? LeastLoaded(ranks, best) : Weighted(ranks, best);
        }
    }

    // Each gets its weight in credit, the richest is chosen and pays for all: the spread is even over any stretch of requests.
    private int Weighted(ReadOnlySpan<long> ranks, long best)
    {
        var (chosen, total) = (-1, 0);
        for (var i = 0; i < endpoints.Count; i++)
        {
            if (ranks[i] == best)
            {
                var endpoint = endpoints[i];
                endpoint.Credit += endpoint.Settings.Weight;
                total += endpoint.Settings.Weight;
                chosen = chosen < 0 || endpoint.Credit > endpoints[chosen].Credit ? i : chosen;
            }
        }

        endpoints[chosen].Credit -= total;
        return chosen;
    }

    // Begins elsewhere each time, so that equals are used in turn.
    private int LeastLoaded(ReadOnlySpan<long> ranks, long best)
    {
        var chosen = -1;
        var first = (int)((uint)_turn++ % endpoints.Count);
        for (var n = 0; n < endpoints.Count; n++)
        {
            var i = (first + n) % endpoints.Count;
            if (ranks[i] == best && (chosen < 0 || LoadOf(endpoints[i]) < LoadOf(endpoints[chosen])))
            {
                chosen = i;
            }
        }

        return chosen;
    }

    private static double LoadOf(UpstreamEndpoint endpoint) => (double)endpoint.InFlight / endpoint.Settings.Weight;

    // One whose pause is over is not passed over, else nothing would ever find out that it is back.
    private static long RankOf(UpstreamEndpoint endpoint)
    {
        var state = endpoint.Breaker.State == CircuitState.Open ? 2L : endpoint.Health == ProviderHealth.Unhealthy ? 1L : 0L;
        return (state << 32) + endpoint.Settings.Priority;
    }
}
