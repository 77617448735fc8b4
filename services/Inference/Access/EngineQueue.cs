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
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.QueueSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            using var place = await _limiter.AcquireAsync(1, either.Token);
            if (place.IsAcquired)
            {
                await next(context);
                return;
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await ApiError.Unavailable("The engine stayed busy for too long; try again.", TimeSpan.FromSeconds(5)).ExecuteAsync(context);
            return;
        }

        await ApiError.TooManyRequests("The engine is busy and its queue is full; try again.", TimeSpan.FromSeconds(1)).ExecuteAsync(context);
    }

    public void Dispose() => _limiter.Dispose();
}

/// <summary>Marks the endpoints that take a place in the <see cref="EngineQueue"/>.</summary>
internal sealed class Queued
{
    public static readonly Queued Marker = new();
}
