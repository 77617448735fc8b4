using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace JanServer.McpTools.Search.Providers;

/// <summary>Asks a provider for JSON, within a budget. Whatever keeps it from answering is a <see cref="ProviderFailure"/>.</summary>
internal sealed partial class ProviderClient(
    IHttpClientFactory http,
    ProviderCircuits circuits,
    ProviderMetrics metrics,
    IOptions<ProviderOptions> options,
    TimeProvider clock,
    ILogger<ProviderClient> logger)
{
    /// <summary>The client of <see cref="IHttpClientFactory"/>.</summary>
    public const string HttpClientName = "web-providers";

    private const int Step = 32 << 10;

    // The attempt's own timeout comes first; this ends what comes between attempts.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    public async Task<ProviderAnswer> AskAsync(ProviderCall call, CancellationToken ct)
    {
        var (attempt, failure) = await AttemptAsync(call, ct);
        var json = failure is null ? Parse(attempt!.Body!) : null;
        failure ??= json is null ? new(ProviderFailureReason.Unreadable) : null;
        if (failure is not null)
        {
            Log.Failed(logger, call.Provider, call.Operation, failure.Reason, failure.Status);
        }

        return new(json, failure);
    }

    private async Task<(ProviderAttempt? Attempt, ProviderFailure? Failure)> AttemptAsync(ProviderCall call, CancellationToken ct)
    {
        using var budget = new CancellationTokenSource(call.Budget + Grace, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, budget.Token);
        var context = ResilienceContextPool.Shared.Get(either.Token);
        context.Properties.Set(ProviderCircuit.AttemptTimeout, call.AttemptTimeout);
        context.Properties.Set(ProviderCircuit.Deadline, clock.GetUtcNow() + call.Budget);
        try
        {
            var attempt = await circuits.All[call.Provider].Pipeline.ExecuteAsync(
                static (context, state) => new ValueTask<ProviderAttempt>(state.Client.SendOnceAsync(state.Call, context.CancellationToken)),
                context,
                (Client: this, Call: call));
            return attempt switch
            {
                { IsSuccess: false } => (null, ProviderFailure.OfStatus(attempt.Status)),
                { Body: null } => (null, new(ProviderFailureReason.TooLarge)),
                _ => (attempt, null),
            };
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && ReasonOf(exception) is { } reason)
        {
            if (reason == ProviderFailureReason.CircuitOpen)
            {
                metrics.Spared(call.Operation, call.Provider);
            }

            return (null, new(reason));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<ProviderAttempt> SendOnceAsync(ProviderCall call, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        var status = nameof(ProviderFailureReason.Unreachable);
        try
        {
            using var request = call.Request();
            using var client = http.CreateClient(HttpClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            var attempt = new ProviderAttempt((int)response.StatusCode, await ReadAsync(response, ct), RetryAfter(response));
            status = attempt.IsSuccess ? "ok" : ProviderFailure.OfStatus(attempt.Status).Reason.ToString();
            return attempt;
        }
        catch (OperationCanceledException)
        {
            status = nameof(ProviderFailureReason.TimedOut);
            throw;
        }
        finally
        {
            metrics.Attempted(call.Operation, call.Provider, status, clock.GetElapsedTime(start));
        }
    }

    private async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode)
        {
            // What an error says is not passed on.
            return [];
        }

        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[Step];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (body.Length + read > options.Value.MaxAnswerBytes)
            {
                return null;
            }

            body.Write(buffer.AsSpan(0, read));
        }

        return body.ToArray();
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date - clock.GetUtcNow() is var wait => wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static ProviderFailureReason? ReasonOf(Exception exception) => exception switch
    {
        BrokenCircuitException => ProviderFailureReason.CircuitOpen,
        TimeoutRejectedException or OperationCanceledException => ProviderFailureReason.TimedOut,
        HttpRequestException or IOException => ProviderFailureReason.Unreachable,

        // Bytes that are not what their Content-Encoding says.
        InvalidDataException => ProviderFailureReason.Unreadable,
        _ => null,
    };

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Provider} could not {Operation}: {Reason}, status {Status}")]
        public static partial void Failed(ILogger logger, string provider, string operation, ProviderFailureReason reason, int? status);
    }
}
