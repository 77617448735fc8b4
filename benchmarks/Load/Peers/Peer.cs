using JanServer.Benchmarks.Load.Scenarios;

namespace JanServer.Benchmarks.Load.Peers;

/// <summary>Something between the driver and the mock upstream.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Target">Where to send requests.</param>
/// <param name="Processes">The processes whose CPU counts.</param>
/// <param name="Postgres">The database's processes, counted apart.</param>
internal sealed record Peer(string Name, Target Target, IReadOnlyList<int> Processes, IReadOnlyList<int> Postgres)
{
    public static Peer On(string name, int port, params IReadOnlyList<int> processes) =>
        new(name, new(new(System.Net.IPAddress.Loopback, port), null), processes, []);
}
