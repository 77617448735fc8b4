namespace Aspire.Hosting.Local;

/// <summary>How long to wait before a process that ended is started again.</summary>
internal sealed class RestartPolicy(TimeProvider clock)
{
    private const int AttemptsBeforeFirstReady = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    private int _inARow;
    private bool _wasReady;
    private DateTimeOffset _startedAt;

    public void Started() => _startedAt = clock.GetUtcNow();

    public void BecameReady() => _wasReady = true;

    /// <summary>Null when it is hopeless: it never became ready, however often it was tried.</summary>
    public TimeSpan? NextDelay()
    {
        if (clock.GetUtcNow() - _startedAt >= StableAfter)
        {
            _inARow = 0;
        }

        var earlier = _inARow++;
        if (!_wasReady && _inARow >= AttemptsBeforeFirstReady)
        {
            return null;
        }

        // At once after a single crash; then 1, 2, 4 ... 30 s while it keeps crashing.
        return earlier == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(earlier - 1, 10))));
    }
}
