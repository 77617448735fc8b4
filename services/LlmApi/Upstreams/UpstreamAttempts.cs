using System.Net.Http.Headers;
using JanServer.LlmApi.Completions;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.Streaming;
using JanServer.ServiceDefaults.Requests;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Upstreams;

/// <summary>One request to one provider, up to the point where its answer has begun.</summary>
internal sealed class UpstreamAttempts(UpstreamClient client, TimeProvider clock, IOptions<CompletionOptions> options)
{
    private const int MaxErrorBytes = 16 * 1024;

    /// <summary>Sends the request and waits for the first event, or for the whole body of an answer that is no stream.</summary>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async ValueTask<(UpstreamAnswer? Answer, UpstreamFailure? Failure)> SendAsync(
        Exchange exchange, ModelOffer offer, UpstreamEndpoint endpoint, RequestBody body, WatchedRequest watch, TimeSpan limit, CancellationToken ct)
    {
        var attempt = watch.BeginAttempt(limit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.UrlOf(exchange.Request.Operation, offer.UpstreamId));
            request.Content = new OutgoingBody(body.Bytes, exchange.Edits, offer.UpstreamIdJson);
            request.Headers.TryAddWithoutValidation(RequestIds.HeaderName, exchange.RequestId);
            var response = await client.SendAsync(request, offer.Provider, exchange.Request.Stream, attempt);
            return await OpenAsync(exchange, offer, endpoint, response, attempt);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            // Without our deadline it is the handler's, which only bounds connecting.
            return (null, watch.TimedOut || e.InnerException is not TimeoutException ? UpstreamFailure.Timeout : UpstreamFailure.Unreachable);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse)
        {
            return (null, UpstreamFailure.Ended);
        }
        catch (HttpRequestException)
        {
            return (null, UpstreamFailure.Unreachable);
        }
    }

    private async ValueTask<(UpstreamAnswer? Answer, UpstreamFailure? Failure)> OpenAsync(
        Exchange exchange, ModelOffer offer, UpstreamEndpoint endpoint, HttpResponseMessage response, CancellationToken ct)
    {
        var answer = new UpstreamAnswer(offer, endpoint, response);
        UpstreamFailure? failure;
        try
        {
            failure = !response.IsSuccessStatusCode
                ? await ReadErrorAsync(offer, response, answer, ct)
                : await ReadAnswerAsync(exchange, offer, response, answer, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The status was there, so the model may have been at work: a second try would pay twice.
            failure = UpstreamFailure.Ended with { TriesAgain = false, TriesOthers = exchange.Request.Stream };
        }
        catch
        {
            answer.Dispose();
            throw;
        }

        if (failure is null)
        {
            return (answer, null);
        }

        answer.Dispose();
        return (null, failure);
    }

    private async ValueTask<UpstreamFailure?> ReadAnswerAsync(
        Exchange exchange, ModelOffer offer, HttpResponseMessage response, UpstreamAnswer answer, CancellationToken ct)
    {
        var apiKey = offer.Provider.Settings.ApiKey;
        if (response.Content.Headers.ContentEncoding.Count > 0)
        {
            return UpstreamFailure.Garbage;
        }

        if (IsEventStream(response.Content.Headers.ContentType))
        {
            if (!exchange.Request.Stream)
            {
                return UpstreamFailure.Garbage;
            }

            return await answer.ReadFirstAsync(options.Value.MaxEventBytes, ct) ?? CheckFirst(answer, apiKey);
        }

        if (await answer.ReadBodyAsync(options.Value.MaxResponseBytes, ct) is { } failure)
        {
            return failure;
        }

        return !ChunkScan.TryRead(answer.Body.Span, out var scan) ? UpstreamFailure.Garbage
            : scan is { HasError: true, HasResults: false } ? UpstreamFailure.FromBody(UpstreamError.FromBody(answer.Body, apiKey))
            : null;
    }

    private static UpstreamFailure? CheckFirst(UpstreamAnswer answer, string? apiKey)
    {
        var first = answer.First.Span;
        return StreamRelay.IsDone(first) ? UpstreamFailure.Ended
            : !ChunkScan.TryRead(first, out var scan) ? UpstreamFailure.Garbage
            : scan.HasError ? UpstreamFailure.FromBody(UpstreamError.FromBody(answer.First, apiKey))
            : null;
    }

    private async ValueTask<UpstreamFailure> ReadErrorAsync(
        ModelOffer offer, HttpResponseMessage response, UpstreamAnswer answer, CancellationToken ct)
    {
        var status = (int)response.StatusCode;

        // A body too long to be an error message is not read to its end.
        var body = await answer.ReadBodyAsync(MaxErrorBytes, ct) is null ? answer.Body : default;
        return UpstreamFailure.FromStatus(
            status,
            UpstreamError.From(status, body, offer.Provider.Settings.ApiKey, RetryAfter(response.Headers.RetryAfter)));
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);

    private static bool IsEventStream(MediaTypeHeaderValue? type) =>
        string.Equals(type?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);
}
