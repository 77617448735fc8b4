namespace JanServer.ServiceDefaults.RateLimits;

/// <summary>So many permits per window; all of them may be taken at once, and they come back evenly over the window.</summary>
/// <param name="Permits">1 or more.</param>
/// <param name="Window">More than zero, at most a day.</param>
public readonly record struct RateLimit(int Permits, TimeSpan Window)
{
    /// <summary>The limit as so many per minute.</summary>
    public static RateLimit PerMinute(int permits) => new(permits, TimeSpan.FromMinutes(1));
}

/// <summary>What became of asking for permits; what the <c>X-RateLimit-*</c> and <c>Retry-After</c> headers say.</summary>
/// <param name="IsAllowed">Whether the permits were taken.</param>
/// <param name="Limit">How many there are at most.</param>
/// <param name="Remaining">How many could be taken right now.</param>
/// <param name="ResetAfter">When all of them are back.</param>
/// <param name="RetryAfter">When the same question would be allowed; zero when it was.</param>
public readonly record struct RateLimitResult(bool IsAllowed, int Limit, int Remaining, TimeSpan ResetAfter, TimeSpan RetryAfter);
