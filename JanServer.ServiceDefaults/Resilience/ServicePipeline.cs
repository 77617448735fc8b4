using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace JanServer.ServiceDefaults.Resilience;

/// <summary>
/// The protection of calls to one service, from the outside in: concurrency limit, total timeout, retry, circuit breaker, attempt
/// timeout. It lives as long as the process: handlers come and go, the circuit must not close with them.
/// </summary>
internal sealed class ServicePipeline : IDisposable
{
    /// <summary>The request of a call, for those who decide whether it may be repeated.</summary>
    public static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    private static readonly TimeSpan BreakerWindow = TimeSpan.FromSeconds(30);

    // When a service asks for more patience than this, its answer is passed on instead of waited for.
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock;

    public ServicePipeline(IOptions<ResilienceOptions> options, TimeProvider clock)
    {
        _clock = clock;
        var settings = options.Value;
        Limiter = new(new() { PermitLimit = settings.MaxConcurrentCalls, QueueLimit = 0 });
        Pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout(TimeSpan.FromSeconds(settings.TotalTimeoutSeconds))
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = settings.Retries,
                Delay = TimeSpan.FromMilliseconds(settings.RetryDelayMilliseconds),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Context.Properties.TryGetValue(Request, out var request)
                    && Repetition.IsAllowed(request)
                    && Repetition.IsTransient(arguments.Outcome)
                    && !(RetryAfter(arguments.Outcome.Result) > MaxRetryAfter)),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = settings.BreakerFailureRatio,
                MinimumThroughput = settings.BreakerMinimumCalls,
                SamplingDuration = BreakerWindow,
                BreakDuration = TimeSpan.FromSeconds(settings.BreakSeconds),

                // A service that says "too many" is well; an open circuit would turn its limit into an outage.
                ShouldHandle = arguments => ValueTask.FromResult(
                    Repetition.IsTransient(arguments.Outcome) && arguments.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests),
            })
            .AddTimeout(TimeSpan.FromSeconds(settings.AttemptTimeoutSeconds))
            .Build();
    }

    public ConcurrencyLimiter Limiter { get; }

    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

    public void Dispose() => Limiter.Dispose();

    private TimeSpan? RetryAfter(HttpResponseMessage? response) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date - _clock.GetUtcNow() is var wait => wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };
}
