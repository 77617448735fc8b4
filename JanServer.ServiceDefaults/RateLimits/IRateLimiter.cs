namespace JanServer.ServiceDefaults.RateLimits;

/// <summary>Counts what keys use: in Redis for all replicas together, else in this process.</summary>
public interface IRateLimiter
{
    /// <summary>Takes permits if there are enough; never fails, and never takes some but not all.</summary>
    /// <param name="key">Who or what is limited, such as <c>key:{id}:rpm</c>. At most some hundred characters.</param>
    /// <param name="limit">The limit of that key; a changed limit applies at once to what was taken before.</param>
    /// <param name="permits">How many: 0 looks without taking. More than the limit is never allowed.</param>
    /// <param name="ct">Ends the wait.</param>
    ValueTask<RateLimitResult> TakeAsync(string key, RateLimit limit, int permits, CancellationToken ct);
}
