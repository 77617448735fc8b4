using System.Buffers.Text;
using System.Diagnostics;
using JanServer.Benchmarks.Load.Http;
using JanServer.Benchmarks.Load.Measuring;

namespace JanServer.Benchmarks.Load.Scenarios;

/// <summary>Concurrent streams. Chunks carry the time at which the mock wrote them: "@T" and 20 digits of nanoseconds.</summary>
internal static class Streams
{
    private const int Digits = 20;

    public static async Task<Result> RunAsync(Target target, int count, string model, int rounds, CancellationToken ct)
    {
        var request = Requests.Chat(model, stream: true, target.Key);
        var first = new Histogram();
        var transit = new Histogram();
        long chunks = 0, errors = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            // Spread the starts over the first half second: a thousand connects at once measure the kernel.
            await Task.Delay(i * 500 / count, ct);
            using var connection = new RawConnection(target.Address);
            for (var round = 0; round < rounds; round++)
            {
                var sent = Stopwatch.GetTimestamp();
                var seen = 0;
                var ended = false;
                try
                {
                    var status = await connection.ExchangeAsync(
                        request,
                        (bytes, now) =>
                        {
                            ended |= bytes.IndexOf("[DONE]"u8) >= 0;
                            for (var at = bytes.IndexOf("@T"u8); at >= 0; at = bytes.IndexOf("@T"u8))
                            {
                                bytes = bytes[(at + 2)..];
                                if (bytes.Length >= Digits && Utf8Parser.TryParse(bytes[..Digits], out long written, out _))
                                {
                                    transit.Add(now - written);
                                    if (seen++ == 0)
                                    {
                                        first.Add(now - sent);
                                    }
                                }
                            }
                        },
                        ct);
                    Interlocked.Add(ref chunks, seen);
                    if (status != 200 || !ended)
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
        return new(chunks, Stopwatch.GetElapsedTime(start).TotalSeconds, errors, first, transit);
    }
}
