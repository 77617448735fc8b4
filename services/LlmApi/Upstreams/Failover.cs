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
/// Gets an answer to begin: asks the providers of a model in turn, each at most twice, until one answers. Only requests of which no byte
/// of an answer has been seen are tried elsewhere.
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
            for (var tries = 0; tries < TriesPerProvider; tries++)
            {
                var left = completions.Value.Deadline - exchange.Elapsed;
                if (left <= TimeSpan.Zero)
                {
                    return (null, (worst ?? UpstreamFailure.Timeout).Error);
                }

                if (!offer.Provider.Breaker.TryEnter(out var retryAfter))
                {
                    soonest = retryAfter < soonest ? retryAfter : soonest;
                    break;
                }

                exchange.Offer = offer;
                var (answer, failure) = await AttemptAsync(exchange, offer, body, watch, left, ct);
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

                if (!failure.TriesAgain)
                {
                    break;
                }

                if (tries + 1 < TriesPerProvider)
                {
                    await Task.Delay(upstreams.Value.RetryPause * Random.Shared.NextDouble(), clock, ct);
                }
            }
        }

        return (null, worst?.Error ?? ApiError.Unavailable("The model's server is not available for now; try again.", soonest));
    }

    private async ValueTask<(UpstreamAnswer? Answer, UpstreamFailure? Failure)> AttemptAsync(
        Exchange exchange, ModelOffer offer, RequestBody body, WatchedRequest watch, TimeSpan left, CancellationToken ct)
    {
        var provider = offer.Provider;
        var limit = provider.Settings.Timeout < left ? provider.Settings.Timeout : left;
        try
        {
            var (answer, failure) = await attempts.SendAsync(exchange, offer, body, watch, limit, ct);
            if (failure is null)
            {
                provider.Breaker.Succeeded();
            }
            else
            {
                Report(provider, failure);
            }

            return (answer, failure);
        }
        catch
        {
            provider.Breaker.Abandoned();
            throw;
        }
    }

    /// <summary>Counts a failure for or against the provider; also called for one within a stream.</summary>
    public void Report(Provider provider, UpstreamFailure failure)
    {
        if (failure.CountsAgainst)
        {
            provider.Breaker.Failed();
        }
        else
        {
            provider.Breaker.Succeeded();
        }

        metrics.UpstreamFailed(provider.Settings.Name, failure.Reason);
        Log.UpstreamFailed(logger, provider.Settings.Name, failure.Reason);
    }

    /// <summary>By priority; providers known to be down come last.</summary>
    private static IEnumerable<ModelOffer> Candidates(ModelRoute route) => route.Offers.Count == 1
        ? route.Offers
        : route.Offers.OrderBy(offer =>
            offer.Provider.Breaker.State == CircuitState.Open ? 2 : offer.Provider.Health == ProviderHealth.Unhealthy ? 1 : 0);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Provider {Provider} failed: {Reason}")]
        public static partial void UpstreamFailed(ILogger logger, string provider, string reason);
    }
}
