using System.Threading.Channels;

namespace JanServer.McpTools.Protocol.Signals;

/// <summary>
/// The signals that one waiter has not dealt with yet. The same signal twice is one, so a slow client costs no more than what can
/// change; beyond <see cref="Max"/> the waiter is told instead that it missed some.
/// </summary>
internal sealed class PendingSignals : IDisposable
{
    private const int Max = 256;

    private static readonly Signal Missed = new(SignalKind.Missed);

    private readonly HashSet<Signal> _signals = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IDisposable _subscription;

    /// <summary>Collects the signals that <paramref name="concerns"/> says are for this waiter, and all that were missed.</summary>
    public PendingSignals(SignalBus bus, Func<Signal, bool> concerns) => _subscription = bus.Subscribe(signal =>
    {
        if (signal.Kind == SignalKind.Missed || concerns(signal))
        {
            Add(signal);
        }
    });

    /// <summary>Waits until there are signals and takes them.</summary>
    public async ValueTask<IReadOnlyList<Signal>> TakeAsync(CancellationToken ct)
    {
        await _wake.Reader.ReadAsync(ct);
        lock (_signals)
        {
            Signal[] all = [.. _signals];
            _signals.Clear();
            return all;
        }
    }

    public void Dispose() => _subscription.Dispose();

    private void Add(Signal signal)
    {
        lock (_signals)
        {
            if (_signals.Count >= Max)
            {
                _signals.Clear();
                signal = Missed;
            }

            _signals.Add(signal);
        }

        _wake.Writer.TryWrite(true);
    }
}
