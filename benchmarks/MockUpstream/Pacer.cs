using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace JanServer.Benchmarks.MockUpstream;

/// <summary>
/// A timing wheel of half a millisecond on its own thread. .NET's timers tick every few milliseconds, far too coarse to pace the
/// tokens of a thousand streams, and one timer per token would cost more than what is measured.
/// </summary>
internal static class Pacer
{
    private const long SlotNanoseconds = 500_000;
    private const int Slots = 8192;

    private static readonly Tick?[] Wheel = new Tick?[Slots];
    private static readonly Lock Gate = new();
    private static long _position = Now();

    static Pacer() => new Thread(Turn) { IsBackground = true, Name = "pacer", Priority = ThreadPriority.AboveNormal }.Start();

    /// <summary>Completes when the monotonic clock reaches <paramref name="due"/>, at most four seconds ahead.</summary>
    public static ValueTask WaitUntilAsync(Tick tick, long due)
    {
        var slot = due / SlotNanoseconds;
        lock (Gate)
        {
            if (slot <= _position)
            {
                return default;
            }

            var task = tick.Arm();
            tick.Next = Wheel[slot % Slots];
            Wheel[slot % Slots] = tick;
            return task;
        }
    }

    private static long Now() => Stopwatch.GetTimestamp() / SlotNanoseconds;

    private static void Turn()
    {
        using var timer = new ManualResetEventSlim();
        while (true)
        {
            // Sleeping one millisecond is what the kernel does best; the slots that passed meanwhile are served together.
            timer.Wait(1);
            Tick? due = null;
            lock (Gate)
            {
                for (var now = Now(); _position < now;)
                {
                    _position++;
                    var tick = Wheel[_position % Slots];
                    Wheel[_position % Slots] = null;
                    while (tick is not null)
                    {
                        (tick.Next, due, tick) = (due, tick, tick.Next);
                    }
                }
            }

            while (due is not null)
            {
                var tick = due;
                (due, tick.Next) = (tick.Next, null);
                ThreadPool.UnsafeQueueUserWorkItem(tick, preferLocal: false);
            }
        }
    }
}

/// <summary>One stream's reusable wait.</summary>
internal sealed class Tick : IThreadPoolWorkItem, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source;

    public Tick? Next { get; set; }

    public ValueTask Arm()
    {
        _source.Reset();
        return new(this, _source.Version);
    }

    public void Execute() => _source.SetResult(true);

    public void GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
