using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace JanServer.McpTools.Search.Providers;

/// <summary>
/// The protection of calls to one provider, from the outside in: retries within the call's budget, circuit breaker, attempt timeout. One
/// for search and scraping together, since both are the same company; it lives as long as the process.
/// </summary>
internal sealed class ProviderCircuit
{
    public static readonly ResiliencePropertyKey<TimeSpan> AttemptTimeout = new("attempt-timeout");
    public static readonly ResiliencePropertyKey<DateTimeOffset> Deadline = new("deadline");

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _maxRetryAfter;

    public ProviderCircuit(ProviderOptions options, TimeProvider clock)
    {
        _clock = clock;
        _maxRetryAfter = TimeSpan.FromSeconds(options.MaxRetryAfterSeconds);
        var builder = new ResiliencePipelineBuilder<ProviderAttempt> { TimeProvider = clock };
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<ProviderAttempt>
            {
                MaxRetryAttempts = options.Retries,
                Delay = TimeSpan.FromMilliseconds(options.RetryDelayMilliseconds),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthRepeating(arguments.Outcome, arguments.Context)),
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
            });
        }

        Pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ProviderAttempt>
            {
                FailureRatio = options.BreakerFailureRatio,
                MinimumThroughput = options.BreakerMinimumCalls,
                SamplingDuration = TimeSpan.FromSeconds(options.BreakerWindowSeconds),
                BreakDuration = TimeSpan.FromSeconds(options.BreakSeconds),
                StateProvider = _state,

                // A provider that says "too many" is well; what the query did wrong (4xx) says nothing about it either.
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome
                    is { Exception: not (null or OperationCanceledException) }
                    or { Result: { IsTransient: true, Status: not 429 } }),
            })
            .AddTimeout(new Polly.Timeout.TimeoutStrategyOptions
            {
                TimeoutGenerator = arguments => ValueTask.FromResult(TimeoutOf(arguments.Context)),
            })
            .Build();
    }

    public ResiliencePipeline<ProviderAttempt> Pipeline { get; }

    /// <summary>0 the provider is asked, 1 it is probed, 2 it is left alone.</summary>
    public int State => _state.CircuitState switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    };

    // What is left of the budget counts like a timeout of the provider's own, so that slowness opens the circuit.
    private TimeSpan TimeoutOf(ResilienceContext context)
    {
        var left = context.Properties.GetValue(Deadline, DateTimeOffset.MaxValue) - _clock.GetUtcNow();
        var most = context.Properties.GetValue(AttemptTimeout, Shortest);
        return left < most ? TimeSpan.FromTicks(Math.Max(left.Ticks, Shortest.Ticks)) : most;
    }

    // By what happened, never by what a message says. An attempt that ran into its timeout is not repeated: the next provider is faster.
    private bool IsWorthRepeating(Outcome<ProviderAttempt> outcome, ResilienceContext context)
    {
        var left = context.Properties.GetValue(Deadline, DateTimeOffset.MaxValue) - _clock.GetUtcNow();
        var wait = outcome.Result?.RetryAfter ?? TimeSpan.Zero;
        return outcome switch
        {
            { Exception: HttpRequestException or IOException } => left > TimeSpan.Zero,
            { Result.IsTransient: true } => wait <= _maxRetryAfter && wait < left,
            _ => false,
        };
    }
}
