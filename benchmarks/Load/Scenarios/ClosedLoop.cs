using System.Diagnostics;
using JanServer.Benchmarks.Load.Http;
using JanServer.Benchmarks.Load.Measuring;

namespace JanServer.Benchmarks.Load.Scenarios;

/// <summary>Each connection sends its next request when it has the answer to the last: the most that a peer can do.</summary>
internal static class ClosedLoop
{
    public static async Task<Result> RunAsync(Target target, int connections, TimeSpan duration, CancellationToken ct, bool stored = false)
    {
        var latency = new Histogram();
        long done = 0, errors = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async i =>
        {
            var request = Requests.Chat("mock-model", stream: false, target.Key, stored ? target.Conversations[i % target.Conversations.Count] : null);
            using var connection = new RawConnection(target.Address);
            while (Stopwatch.GetElapsedTime(start) < duration && !ct.IsCancellationRequested)
            {
                var sent = Stopwatch.GetTimestamp();
                try
                {
                    if (await connection.ExchangeAsync(request, null, ct) == 200)
                    {
                        Interlocked.Increment(ref done);
                        latency.Add(Stopwatch.GetTimestamp() - sent);
                    }
                    else
                    {
                        Interlocked.Increment(ref errors);
                    }
                }
                catch (IOException)
                {
                    Interlocked.Increment(ref errors);
                }
            }
        }));
        return new(done, Stopwatch.GetElapsedTime(start).TotalSeconds, errors, latency);
    }
}
