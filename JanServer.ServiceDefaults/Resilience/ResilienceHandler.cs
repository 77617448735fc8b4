using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace JanServer.ServiceDefaults.Resilience;

/// <summary>Sends a request through its service's <see cref="ServicePipeline"/>; whatever keeps it from an answer is one error.</summary>
internal sealed class ResilienceHandler(string service, ServicePipeline pipeline) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var lease = pipeline.Limiter.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            throw new ServiceUnreachableException(service, null);
        }

        if (request.Content is { } content && Repetition.IsAllowed(request))
        {
            await content.LoadIntoBufferAsync(cancellationToken);
        }

        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(ServicePipeline.Request, request);
        try
        {
            return await pipeline.Pipeline.ExecuteAsync(
                static (context, call) => call.Handler.SendOnceAsync(call.Request, context.CancellationToken),
                context,
                (Handler: this, Request: request));
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException or BrokenCircuitException)
        {
            throw new ServiceUnreachableException(service, exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ValueTask<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken ct) => new(base.SendAsync(request, ct));
}
