using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Upstreams;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Requests;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Images;

/// <summary>
/// Asks the providers of a model in turn until one answers. Each is asked once: an image costs much, and a provider that has begun one
/// may have been paid for it.
/// </summary>
internal sealed class ImageUpstream(
    UpstreamClient client, Failover failover, TimeProvider clock, IOptions<ImageOptions> images, IOptions<UpstreamOptions> upstreams)
{
    private const int MaxErrorBytes = 16 * 1024;

    public async Task<(ImageAnswer? Answer, ApiError? Error)> SendAsync(
        Exchange exchange, IReadOnlyList<ModelOffer> offers, Func<ModelOffer, HttpContent> body, CancellationToken ct)
    {
        UpstreamFailure? worst = null;
        var soonest = TimeSpan.MaxValue;
        foreach (var offer in offers.Take(upstreams.Value.MaxProviders))
        {
            var endpoint = offer.Provider.Endpoints[offer.Provider.NextEndpoint(tried: 0)];
            if (!endpoint.Breaker.TryEnter(out var retryAfter))
            {
                soonest = retryAfter < soonest ? retryAfter : soonest;
                continue;
            }

            exchange.Offer = offer;
            var (answer, failure) = await AttemptAsync(exchange, offer, endpoint, body, ct);
            if (answer is not null)
            {
                endpoint.Breaker.Succeeded();
                return (answer, null);
            }

            failover.Report(offer.Provider, endpoint, failure!);
            exchange.Failure = failure!.Reason;
            worst = failure;
            if (!failure.TriesOthers)
            {
                break;
            }
        }

        return (null, worst?.Error ?? ApiError.Unavailable("The model's server is not available for now; try again.", soonest));
    }

    private async Task<(ImageAnswer? Answer, UpstreamFailure? Failure)> AttemptAsync(
        Exchange exchange, ModelOffer offer, UpstreamEndpoint endpoint, Func<ModelOffer, HttpContent> body, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(images.Value.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        endpoint.Began();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.UrlOf(exchange.Request.Operation, offer.UpstreamId))
            {
                Content = body(offer),
            };
            request.Headers.TryAddWithoutValidation(RequestIds.HeaderName, exchange.RequestId);
            using var answer = new UpstreamAnswer(offer, endpoint, await client.SendAsync(request, offer.Provider, wantsStream: false, either.Token));
            return await ReadAsync(offer, answer, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, timeout.IsCancellationRequested ? UpstreamFailure.Timeout : UpstreamFailure.Unreachable);
        }
        catch (OperationCanceledException)
        {
            endpoint.Breaker.Abandoned();
            throw;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse)
        {
            return (null, UpstreamFailure.Ended with { TriesOthers = false });
        }
        catch (HttpRequestException)
        {
            return (null, UpstreamFailure.Unreachable);
        }
        catch (IOException)
        {
            return (null, UpstreamFailure.Ended with { TriesOthers = false });
        }
        finally
        {
            endpoint.Ended();
        }
    }

    private async Task<(ImageAnswer? Answer, UpstreamFailure? Failure)> ReadAsync(ModelOffer offer, UpstreamAnswer answer, CancellationToken ct)
    {
        if (!answer.IsSuccess)
        {
            // A body too long to be an error message is not read to its end.
            var message = await answer.ReadBodyAsync(MaxErrorBytes, ct) is null ? answer.Body : default;
            return (null, UpstreamFailure.FromStatus(
                answer.Status, UpstreamError.From(answer.Status, message, offer.Provider.Settings.ApiKey, retryAfter: null)));
        }

        return await answer.ReadBodyAsync(images.Value.MaxResponseBytes, ct) is { } failure ? (null, failure)
            : ImageAnswer.Read(answer.Body) is { } made ? (made, null)
            : (null, UpstreamFailure.Garbage with { TriesOthers = false });
    }
}
