namespace JanServer.Benchmarks.Load.Measuring;

/// <summary>What one scenario against one peer gave.</summary>
/// <param name="Done">Requests, or chunks for streams.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Errors">Answers other than 200 and broken connections.</param>
/// <param name="Latency">Of a request, or until the first chunk of a stream.</param>
/// <param name="Transit">Of a chunk, from the upstream's write to the driver's read.</param>
internal sealed record Result(long Done, double Seconds, long Errors, Histogram Latency, Histogram? Transit = null)
{
    public double PerSecond => Done / Seconds;
}

/// <summary>A result with what the processes under test used meanwhile.</summary>
internal sealed record Measurement(string Peer, string Scenario, int Round, Result Result, double CpuSeconds, double PostgresSeconds, double ForeignShare, long ResidentKiB)
{
    /// <summary>CPU microseconds of the processes under test per request or chunk.</summary>
    public double CpuPerUnit => CpuSeconds * 1e6 / Math.Max(1, Result.Done);
}
