using System.Threading.RateLimiting;
using JanServer.Sandbox.Isolation;
using JanServer.Sandbox.Metering;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Runs;

/// <summary>Admits as many runs as the machine is to bear and lets a bounded number wait, for a bounded time.</summary>
internal sealed class RunQueue(IOptions<SandboxOptions> options, SandboxMetrics metrics, TimeProvider clock) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new()
    {
        PermitLimit = options.Value.MaxConcurrency,
        QueueLimit = options.Value.MaxQueue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a place, which is held until the lease is disposed.</summary>
    public async Task<(RateLimitLease? Place, ApiError? Error)> EnterAsync(CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.QueueSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            var place = await _limiter.AcquireAsync(1, either.Token);
            if (place.IsAcquired)
            {
                metrics.Waited(clock.GetElapsedTime(began));
                return (place, null);
            }

            place.Dispose();
            metrics.Refused("full");
            return (null, ApiError.TooManyRequests("Too many programs wait to be run; try again.", TimeSpan.FromSeconds(1)));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            metrics.Refused("waited");
            return (null, ApiError.Unavailable("All places stayed taken for too long; try again.", TimeSpan.FromSeconds(5)));
        }
    }

    public void Dispose() => _limiter.Dispose();
}
