using System.Net;
using JanServer.Benchmarks.Load.Measuring;

namespace JanServer.Benchmarks.Load.Scenarios;

/// <summary>A way of loading a peer.</summary>
internal sealed record Scenario(string Name, Func<Target, CancellationToken, Task<Result>> RunAsync)
{
    /// <summary>Whether only peers that keep conversations can be loaded so.</summary>
    public bool NeedsConversations { get; init; }

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("max", (target, ct) => ClosedLoop.RunAsync(target, connections: 32, TimeSpan.FromSeconds(4), ct)),
        new("stored", (target, ct) => ClosedLoop.RunAsync(target, connections: 32, TimeSpan.FromSeconds(4), ct, stored: true)) { NeedsConversations = true },
        new("500/s", (target, ct) => OpenLoop.RunAsync(target, perSecond: 500, connections: 64, TimeSpan.FromSeconds(4), ct)),
        new("200 streams", (target, ct) => Streams.RunAsync(target, count: 200, "mock-50-20-0", rounds: 2, ct)),
        new("1000 streams", (target, ct) => Streams.RunAsync(target, count: 1000, "mock-100-20-0", rounds: 2, ct)),
    ];
}

/// <summary>Where a scenario sends its requests.</summary>
/// <param name="Address">The peer's.</param>
/// <param name="Key">The API key, if the peer takes one.</param>
internal sealed record Target(IPEndPoint Address, string? Key)
{
    /// <summary>Conversations of the key's user, for turns that are stored.</summary>
    public IReadOnlyList<string> Conversations { get; init; } = [];
}
