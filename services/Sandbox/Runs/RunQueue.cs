using System.Threading.RateLimiting;
using JanServer.Sandbox.Isolation;
using JanServer.Sandbox.Metering;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Runs;

/// <summary>
/// Admits as many runs as the machine is to bear, of each owner no more than a few, and lets a bounded number wait, for a bounded time.
/// Who is at their own limit waits for themselves, and takes no place in the queue of all.
/// </summary>
internal sealed class RunQueue(IOptions<SandboxOptions> options, SandboxMetrics metrics, TimeProvider clock) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _owners = PartitionedRateLimiter.Create<string, string>(
        owner => RateLimitPartition.GetConcurrencyLimiter(owner, _ => Limit(options.Value.MaxConcurrencyPerOwner, options.Value.MaxQueue)));

    private readonly ConcurrencyLimiter _all = new(Limit(options.Value.MaxConcurrency, options.Value.MaxQueue));

    /// <summary>Waits for a place, which is held until it is disposed.</summary>
    /// <param name="owner">Who asks; null when that is not known, and then only the limit of all holds.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<(IDisposable? Place, ApiError? Error)> EnterAsync(string? owner, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.QueueSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var own = (RateLimitLease?)null;
        var place = (RateLimitLease?)null;
        try
        {
            own = owner is null ? null : await _owners.AcquireAsync(owner, 1, either.Token);
            place = own is { IsAcquired: false } ? null : await _all.AcquireAsync(1, either.Token);
            if (place is { IsAcquired: true })
            {
                metrics.Waited(clock.GetElapsedTime(began));
                var taken = new Place(place, own);
                (own, place) = (null, null);
                return (taken, null);
            }

            metrics.Refused("full");
            return (null, ApiError.TooManyRequests("Too many programs wait to be run; try again.", TimeSpan.FromSeconds(1)));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            metrics.Refused("waited");
            return (null, ApiError.Unavailable("All places stayed taken for too long; try again.", TimeSpan.FromSeconds(5)));
        }
        finally
        {
            place?.Dispose();
            own?.Dispose();
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        _owners.Dispose();
    }

    private static ConcurrencyLimiterOptions Limit(int places, int queue) =>
        new() { PermitLimit = places, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private sealed class Place(RateLimitLease all, RateLimitLease? own) : IDisposable
    {
        public void Dispose()
        {
            all.Dispose();
            own?.Dispose();
        }
    }
}
