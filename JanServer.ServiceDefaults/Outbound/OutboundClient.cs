using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>
/// The one way to request what users name: images to edit, pages to read, hooks to call. It reaches the public internet and what the
/// operator allows, over http and https, through as many redirects, bytes and seconds as configured; nothing of ours goes along but
/// what <see cref="OutboundRequest"/> says.
/// </summary>
public sealed class OutboundClient : IDisposable
{
    private const string UserAgent = "JanServer";

    private readonly OutboundOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim _turns;
    private readonly TimeProvider _clock;

    internal OutboundClient(HttpMessageHandler guarded, IOptions<OutboundOptions> options, TimeProvider clock)
    {
        _options = options.Value;
        _http = new(guarded);
        _turns = new(_options.MaxConcurrentRequests);
        _clock = clock;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _turns.Dispose();
    }

    /// <summary>Gets what is at a URL.</summary>
    /// <param name="url">Absolute, http or https.</param>
    /// <param name="maxBytes">The largest answer, decompressed.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<OutboundResult> GetAsync(Uri url, long maxBytes, CancellationToken ct) => SendAsync(new(url) { MaxBytes = maxBytes }, ct);

    /// <summary>Sends a request and reads its answer whole. The time limit is not the caller's token, which throws as usual.</summary>
    public async Task<OutboundResult> SendAsync(OutboundRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var timeout = new CancellationTokenSource(request.Timeout ?? TimeSpan.FromSeconds(_options.TimeoutSeconds), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await _turns.WaitAsync(either.Token);
            try
            {
                return await FollowAsync(request, either.Token);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(OutboundFailure.TimedOut);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException)
        {
            return new(Reason(exception));
        }
    }

    private async Task<OutboundResult> FollowAsync(OutboundRequest request, CancellationToken ct)
    {
        var step = new RedirectStep(request.Method, request.Url, request.Body);
        for (var redirects = 0; ; redirects++)
        {
            if (!OutboundGuard.IsFit(step.Url))
            {
                return new(OutboundFailure.BadUrl);
            }

            if (request.Admits?.Invoke(step.Url) is false)
            {
                return new(redirects == 0 ? OutboundFailure.BadUrl : OutboundFailure.BadRedirect);
            }

            using var message = Message(request, step);
            using var response = await _http.SendAsync(message, ct);
            if (response.Headers.Location is not { } location || !RedirectStep.IsRedirect(response.StatusCode))
            {
                return await OutboundBody.ReadAsync(response, step.Url, request.MaxBytes ?? _options.MaxBytes, request.KeepBeginning, ct);
            }

            if (redirects == _options.MaxRedirects || step.To(location, response.StatusCode) is not { } next)
            {
                return new(OutboundFailure.BadRedirect);
            }

            step = next;
        }
    }

    private static HttpRequestMessage Message(OutboundRequest request, RedirectStep step)
    {
        var message = new HttpRequestMessage(step.Method, step.Url);
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (step.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        if (RedirectStep.IsSameOrigin(request.Url, step.Url))
        {
            foreach (var (name, value) in request.Headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private static OutboundFailure Reason(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutboundRefusedException)
            {
                return OutboundFailure.Refused;
            }
        }

        return OutboundFailure.Unreachable;
    }
}
