using JanServer.LlmApi.Completions;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.Streaming;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Upstreams;

/// <summary>
/// Gets an answer to begin: asks the providers of a model in turn, at several endpoints or at the only one twice, until one answers. Only
/// requests of which no byte of an answer has been seen are tried elsewhere.
/// </summary>
internal sealed partial class Failover(
    UpstreamAttempts attempts,
    LlmMetrics metrics,
    TimeProvider clock,
    IOptions<UpstreamOptions> upstreams,
    IOptions<CompletionOptions> completions,
    ILogger<Failover> logger)
{
    private const int TriesPerProvider = 2;

    /// <summary>The answer, or the error to give when no provider has one.</summary>
    public async ValueTask<(UpstreamAnswer? Answer, ApiError? Error)> SendAsync(
        Exchange exchange, ModelRoute route, RequestBody body, WatchedRequest watch, CancellationToken ct)
    {
        UpstreamFailure? worst = null;
        var soonest = TimeSpan.MaxValue;
        foreach (var offer in Candidates(route).Take(upstreams.Value.MaxProviders))
        {
            var provider = offer.Provider;
            var tried = 0u;
            UpstreamEndpoint? again = null;
            for (var tries = TriesOf(provider); tries > 0;)
            {
                var left = completions.Value.Deadline - exchange.Elapsed;
                if (left <= TimeSpan.Zero)
                {
                    return (null, (worst ?? UpstreamFailure.Timeout).Error);
                }

                var next = provider.NextEndpoint(tried);
                var endpoint = next >= 0 ? provider.Endpoints[next] : again;
                if (endpoint is null)
                {
                    break;
                }

                if (next >= 0)
                {
                    tried |= 1u << next;
                }
                else
                {
                    // Nowhere else to go: the same one, a moment later.
                    again = null;
                    await Task.Delay(upstreams.Value.RetryPause * Random.Shared.NextDouble(), clock, ct);
                }

                if (!endpoint.Breaker.TryEnter(out var retryAfter))
                {
                    soonest = retryAfter < soonest ? retryAfter : soonest;
                    continue;
                }

                tries--;
                exchange.Offer = offer;
                var (answer, failure) = await AttemptAsync(exchange, offer, endpoint, body, watch, left, ct);
                if (failure is null)
                {
                    return (answer, null);
                }

                exchange.Failure = failure.Reason;
                worst = worst?.Error.Status == StatusCodes.Status429TooManyRequests ? worst : failure;
                if (!failure.TriesOthers)
                {
                    return (null, failure.Error);
                }

                again = failure.TriesAgain ? endpoint : null;
            }
        }

        return (null, worst?.Error ?? ApiError.Unavailable("The model's server is not available for now; try again.", soonest));
    }

    private int TriesOf(Provider provider) => Math.Max(TriesPerProvider, Math.Min(provider.Endpoints.Count, upstreams.Value.MaxEndpoints));

    private async ValueTask<(UpstreamAnswer? Answer, UpstreamFailure? Failure)> AttemptAsync(
        Exchange exchange, ModelOffer offer, UpstreamEndpoint endpoint, RequestBody body, WatchedRequest watch, TimeSpan left, CancellationToken ct)
    {
        var limit = offer.Provider.Settings.Timeout < left ? offer.Provider.Settings.Timeout : left;
        endpoint.Began();
        try
        {
            var (answer, failure) = await attempts.SendAsync(exchange, offer, endpoint, body, watch, limit, ct);
            if (answer is not null)
            {
                answer.Keep();
                endpoint.Breaker.Succeeded();
                return (answer, null);
            }

            endpoint.Ended();
            Report(offer.Provider, endpoint, failure!);
            return (null, failure);
        }
        catch
        {
            endpoint.Ended();
            endpoint.Breaker.Abandoned();
            throw;
        }
    }

    /// <summary>Counts a failure for or against the endpoint; also called for one within a stream.</summary>
    public void Report(Provider provider, UpstreamEndpoint endpoint, UpstreamFailure failure)
    {
        if (failure.CountsAgainst)
        {
            endpoint.Breaker.Failed();
        }
        else
        {
            endpoint.Breaker.Succeeded();
        }

        metrics.UpstreamFailed(provider.Settings.Name, failure.Reason);
        Log.UpstreamFailed(logger, provider.Settings.Name, failure.Reason);
    }

    /// <summary>By priority; providers known to be down come last.</summary>
    private static IEnumerable<ModelOffer> Candidates(ModelRoute route) => route.Offers.Count == 1
        ? route.Offers
        : route.Offers.OrderBy(offer =>
            offer.Provider.Circuit == CircuitState.Open ? 2 : offer.Provider.Health == ProviderHealth.Unhealthy ? 1 : 0);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Provider {Provider} failed: {Reason}")]
        public static partial void UpstreamFailed(ILogger logger, string provider, string reason);
    }
}
