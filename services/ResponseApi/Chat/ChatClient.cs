using System.Net.Http.Headers;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Chat;

/// <summary>Asks models through llm-api's chat completions, always streamed.</summary>
internal sealed class ChatClient(IHttpClientFactory clients, IOptions<ChatOptions> options, TimeProvider clock)
{
    public const string Service = "llm-api";

    private const int MaxErrorBytes = 64 << 10;

    /// <summary>
    /// Sends a request and waits for the first event of its answer. A failure before it that may pass is tried again, a few times; later
    /// failures are chunks of the stream. Cancellation ends the model's work, also later.
    /// </summary>
    /// <param name="caller">Whose request it is.</param>
    /// <param name="body">A chat completion request with <c>stream: true</c>.</param>
    /// <param name="ct">Ends the wait and the stream.</param>
    public async ValueTask<(ChatStream? Stream, ChatFailure? Failure)> OpenAsync(
        Caller caller, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var limits = options.Value;
        var began = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var left = limits.FirstEvent - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return (null, ChatFailure.TimedOut);
            }

            var (stream, failure) = await TryAsync(caller, body, left, ct);
            if (stream is not null || attempt >= limits.Attempts || PauseAfter(failure!, attempt) is not { } pause)
            {
                return (stream, failure);
            }

            await Task.Delay(pause, clock, ct);
        }
    }

    private TimeSpan? PauseAfter(ChatFailure failure, int attempt)
    {
        if (!failure.IsTransient || failure.RetryAfter > options.Value.LongestPause)
        {
            return null;
        }

        var backoff = options.Value.Backoff * Math.Pow(2, attempt - 1) * (0.75 + (Random.Shared.NextDouble() / 2));
        return failure.RetryAfter > backoff ? failure.RetryAfter : backoff;
    }

    private async ValueTask<(ChatStream? Stream, ChatFailure? Failure)> TryAsync(
        Caller caller, ReadOnlyMemory<byte> body, TimeSpan left, CancellationToken ct)
    {
        var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
        HttpResponseMessage? answer = null;
        ChatStream? stream = null;
        try
        {
            pause.CancelAfter(left);
            using var request = RequestOf(caller, body);
            answer = await clients.CreateClient(Service).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, pause.Token);
            if (!answer.IsSuccessStatusCode)
            {
                return (null, await ReadFailureAsync(answer, pause.Token));
            }

            stream = new(answer, pause, options.Value, ct);
            if (await stream.BeginAsync() is { } failure)
            {
                return (null, failure);
            }

            var begun = stream;
            (stream, answer, pause) = (null, null, null);
            return (begun, null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, ChatFailure.TimedOut);
        }
        catch (HttpRequestException) when (!ct.IsCancellationRequested)
        {
            return (null, ChatFailure.Unreachable);
        }
        catch (IOException) when (!ct.IsCancellationRequested)
        {
            return (null, ChatFailure.BrokeOff);
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            answer?.Dispose();
            pause?.Dispose();
        }
    }

    private static HttpRequestMessage RequestOf(Caller caller, ReadOnlyMemory<byte> body)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = content }.For(caller);
    }

    private static async ValueTask<ChatFailure> ReadFailureAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var bytes = new byte[MaxErrorBytes];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        var failure = ChatFailure.From((int)answer.StatusCode, bytes.AsSpan(0, length));
        return failure with { RetryAfter = answer.Headers.RetryAfter?.Delta };
    }
}
