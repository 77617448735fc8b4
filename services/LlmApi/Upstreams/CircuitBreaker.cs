namespace JanServer.LlmApi.Upstreams;

internal enum CircuitState
{
    Closed,
    Open,
    HalfOpen,
}

/// <summary>
/// Stops asking a provider that keeps failing. Opens after <see cref="Threshold"/> failures in a row; after a pause one request is let
/// through as a probe; its success closes the circuit, its failure doubles the pause up to <see cref="LongestPause"/>.
/// </summary>
internal sealed class CircuitBreaker
{
    public const int Threshold = 5;

    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock;
    private readonly TimeSpan _firstPause;
    private readonly Lock _lock = new();
    private int _failures;
    private bool _probing;
    private TimeSpan _pause;
    private DateTimeOffset _openUntil;

    public CircuitBreaker(TimeProvider clock, TimeSpan firstPause)
    {
        _clock = clock;
        _firstPause = _pause = firstPause;
    }

    public CircuitState State
    {
        get
        {
            lock (_lock)
            {
                return _failures < Threshold ? CircuitState.Closed
                    : _probing || _clock.GetUtcNow() >= _openUntil ? CircuitState.HalfOpen
                    : CircuitState.Open;
            }
        }
    }

    /// <summary>Whether a request may be sent now; if so, its end must be reported with one of the three methods below.</summary>
    public bool TryEnter(out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;

        // A torn read cannot happen, and a stale one only lets one more request through.
        if (Volatile.Read(ref _failures) < Threshold)
        {
            return true;
        }

        lock (_lock)
        {
            if (_failures < Threshold)
            {
                return true;
            }

            var now = _clock.GetUtcNow();
            if (_probing || now < _openUntil)
            {
                retryAfter = _openUntil > now ? _openUntil - now : _firstPause;
                return false;
            }

            _probing = true;
            return true;
        }
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) == 0)
        {
            return;
        }

        lock (_lock)
        {
            (_failures, _probing, _pause) = (0, false, _firstPause);
        }
    }

    public void Failed()
    {
        lock (_lock)
        {
            _failures = Math.Min(_failures + 1, Threshold);
            if (_failures < Threshold)
            {
                return;
            }

            _openUntil = _clock.GetUtcNow() + _pause;
            _pause = _probing ? Min(_pause * 2, LongestPause) : _pause;
            _probing = false;
        }
    }

    /// <summary>The request says nothing about the provider: its client went away.</summary>
    public void Abandoned()
    {
        if (Volatile.Read(ref _failures) >= Threshold)
        {
            lock (_lock)
            {
                _probing = false;
            }
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
