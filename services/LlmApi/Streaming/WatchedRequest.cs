namespace JanServer.LlmApi.Streaming;

/// <summary>The waits of one request: for its upstream's next bytes, and of its client for ours.</summary>
internal sealed class WatchedRequest(TimeProvider clock, ClientStream? client, TimeSpan heartbeat, CancellationToken clientGone) : IDisposable
{
    private readonly Lock _lock = new();
    private long _heardAt = clock.GetTimestamp();
    private TimeSpan _limit = TimeSpan.MaxValue;
    private CancellationTokenSource? _attempt;
    private bool _disposed;

    /// <summary>Whether the current attempt ended because its upstream was silent for too long.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>The token of the current attempt.</summary>
    public CancellationToken Attempt { get; private set; }

    /// <summary>Begins an attempt, whose token is cancelled when the client leaves or the upstream is silent for <paramref name="limit"/>.</summary>
    public CancellationToken BeginAttempt(TimeSpan limit)
    {
        lock (_lock)
        {
            _attempt?.Dispose();
            _attempt = CancellationTokenSource.CreateLinkedTokenSource(clientGone);
            (_limit, TimedOut) = (limit, false);
            Volatile.Write(ref _heardAt, clock.GetTimestamp());
            return Attempt = _attempt.Token;
        }
    }

    /// <summary>The upstream sent something; from now on it may be silent for <paramref name="limit"/>.</summary>
    public void Heard(TimeSpan limit)
    {
        _limit = limit;
        Volatile.Write(ref _heardAt, clock.GetTimestamp());
    }

    public bool IsDue(TimeProvider time, long now) =>
        time.GetElapsedTime(Volatile.Read(ref _heardAt), now) > _limit || client?.IsSilent(now, heartbeat) == true;

    public void Act(TimeProvider time, long now)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _heardAt), now) > _limit)
        {
            lock (_lock)
            {
                TimedOut = true;
            }

            Cancel();
            return;
        }

        client?.Beat();
    }

    /// <summary>Ends the current attempt.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _attempt?.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _attempt?.Dispose();
            _attempt = null;
        }
    }
}
