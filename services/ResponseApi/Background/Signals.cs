namespace JanServer.ResponseApi.Background;

/// <summary>
/// Wakes those who wait: workers for the queue, streams for events. What wakes them comes from the database, from whatever replica. A wake-up
/// may be lost, so every wait is also bounded by a poll.
/// </summary>
internal sealed class Signals
{
    /// <summary>The channel of LISTEN and NOTIFY.</summary>
    public const string Channel = "responses";

    /// <summary>The payload that says that something waits in the queue.</summary>
    public const string Queued = "q";

    /// <summary>The payload that says that a message of a webhook is due.</summary>
    public const string Webhooks = "w";

    private const string EventsPrefix = "e:";
    private const string CancelPrefix = "c:";

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (Pulse Pulse, int Count)> _streams = [];

    /// <summary>Beats when something may wait in the queue.</summary>
    public Pulse Queue { get; } = new();

    /// <summary>Beats when a message of a webhook may be due.</summary>
    public Pulse Deliveries { get; } = new();

    /// <summary>The payload that says that a response has new events, or a new status.</summary>
    public static string EventsOf(Guid response) => $"{EventsPrefix}{response:N}";

    /// <summary>The payload that says that a response is cancelled.</summary>
    public static string CancelOf(Guid response) => $"{CancelPrefix}{response:N}";

    /// <summary>Waits for events of a response until it is disposed of.</summary>
    public Subscription Subscribe(Guid response)
    {
        lock (_gate)
        {
            var (pulse, count) = _streams.TryGetValue(response, out var known) ? known : (new Pulse(), 0);
            _streams[response] = (pulse, count + 1);
            return new(this, response, pulse);
        }
    }

    /// <summary>Passes on what the database said.</summary>
    /// <param name="payload">One of those above.</param>
    /// <param name="cancel">Told which response is cancelled.</param>
    public void Receive(string payload, Action<Guid> cancel)
    {
        if (payload == Queued)
        {
            Queue.Beat();
        }
        else if (payload == Webhooks)
        {
            Deliveries.Beat();
        }
        else if (payload.Length > 2 && Guid.TryParseExact(payload.AsSpan(2), "N", out var response))
        {
            if (payload.StartsWith(CancelPrefix, StringComparison.Ordinal))
            {
                cancel(response);
            }

            Raise(response);
        }
    }

    /// <summary>Wakes everybody: the connection was lost, and with it nobody knows what.</summary>
    public void RaiseAll()
    {
        Queue.Beat();
        Deliveries.Beat();
        List<Pulse> pulses;
        lock (_gate)
        {
            pulses = [.. _streams.Values.Select(stream => stream.Pulse)];
        }

        pulses.ForEach(pulse => pulse.Beat());
    }

    private void Raise(Guid response)
    {
        Pulse? pulse;
        lock (_gate)
        {
            pulse = _streams.TryGetValue(response, out var known) ? known.Pulse : null;
        }

        pulse?.Beat();
    }

    private void Leave(Guid response)
    {
        lock (_gate)
        {
            var (pulse, count) = _streams[response];
            if (count > 1)
            {
                _streams[response] = (pulse, count - 1);
            }
            else
            {
                _streams.Remove(response);
            }
        }
    }

    internal readonly struct Subscription(Signals signals, Guid response, Pulse pulse) : IDisposable
    {
        public Pulse Pulse => pulse;

        public void Dispose() => signals.Leave(response);
    }
}

/// <summary>Something that happens again and again. Take <see cref="Next"/>, look, then wait for it: nothing is missed in between.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next beat.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Beat() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Waits for <paramref name="next"/>, but not longer than <paramref name="limit"/>.</summary>
    public static async Task WaitAsync(Task next, TimeSpan limit, CancellationToken ct) =>
        await next.WaitAsync(limit, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
