using System.Diagnostics;
using System.Threading.Channels;
using JanServer.Benchmarks.Load.Http;
using JanServer.Benchmarks.Load.Measuring;

namespace JanServer.Benchmarks.Load.Scenarios;

/// <summary>
/// Requests leave at their times (Poisson arrivals) whether or not answers are back, and latency counts from the time a request was
/// due, so that a peer that stalls cannot hide it (no coordinated omission).
/// </summary>
internal static class OpenLoop
{
    public static async Task<Result> RunAsync(Target target, int perSecond, int connections, TimeSpan duration, CancellationToken ct)
    {
        var request = Requests.Chat("mock-model", stream: false, target.Key);
        var latency = new Histogram();
        var due = Channel.CreateUnbounded<long>();
        long errors = 0;
        var start = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, connections).Select(async _ =>
        {
            using var connection = new RawConnection(target.Address);
            await foreach (var time in due.Reader.ReadAllAsync(ct))
            {
                try
                {
                    if (await connection.ExchangeAsync(request, null, ct) == 200)
                    {
                        latency.Add(Stopwatch.GetTimestamp() - time);
                        continue;
                    }
                }
                catch (IOException)
                {
                    // Counted below with the answers other than 200.
                }

                Interlocked.Increment(ref errors);
            }
        }).ToArray();

        await Pace(due.Writer, perSecond, start, duration);
        await Task.WhenAll(workers);
        return new(latency.Count, Stopwatch.GetElapsedTime(start).TotalSeconds, errors, latency);
    }

    private static Task Pace(ChannelWriter<long> due, int perSecond, long start, TimeSpan duration)
    {
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pacer = new Thread(() =>
        {
            var random = new Random(1);
            using var timer = new ManualResetEventSlim();
            double next = start;
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                while (Stopwatch.GetTimestamp() >= next)
                {
                    // The clock's tick is not the peer's fault: a request is due when it is released.
                    due.TryWrite(Stopwatch.GetTimestamp());
                    next += -Math.Log(1 - random.NextDouble()) / perSecond * Stopwatch.Frequency;
                }

                timer.Wait(1);
            }

            due.Complete();
            finished.SetResult();
        });
        pacer.IsBackground = true;
        pacer.Start();
        return finished.Task;
    }
}
