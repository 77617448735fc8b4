using System.Threading.RateLimiting;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Access;

/// <summary>
/// Admits as many generating requests as the engine can serve and lets a bounded number wait, for a bounded time. A place is
/// held until the response is complete, so a stream counts for as long as it runs.
/// </summary>
internal sealed class EngineQueue(IOptions<InferenceOptions> options, TimeProvider clock) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new()
    {
        PermitLimit = options.Value.MaxConcurrency,
        QueueLimit = options.Value.MaxQueue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (await WaitAsync(context) is not { } place)
        {
            await ApiError.Unavailable("The engine stayed busy for too long; try again.", TimeSpan.FromSeconds(5)).ExecuteAsync(context);
            return;
        }

        using (place)
        {
            await (place.IsAcquired
                ? next(context)
                : ApiError.TooManyRequests("The engine's queue is full; try again.", TimeSpan.FromSeconds(1)).ExecuteAsync(context));
        }
    }

    /// <summary>Returns null when the wait took too long, and a lease that is not acquired when the queue is full.</summary>
    private async Task<RateLimitLease?> WaitAsync(HttpContext context)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.QueueSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            return await _limiter.AcquireAsync(1, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _limiter.Dispose();
}

/// <summary>Marks the endpoints that take a place in the <see cref="EngineQueue"/>.</summary>
internal sealed class Queued
{
    public static readonly Queued Marker = new();
}
