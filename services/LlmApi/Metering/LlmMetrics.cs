using System.Diagnostics;
using System.Diagnostics.Metrics;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Metering;

/// <summary>The meter of this service. Names and tags are those of the catalogue; no tag holds what a client may choose freely.</summary>
internal sealed class LlmMetrics : IDisposable
{
    public const string MeterName = "JanServer.LlmApi";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _upstreamErrors;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly UpDownCounter<long> _streams;

    public LlmMetrics(IMeterFactory meters, ProviderRegistry registry)
    {
        _meter = meters.Create(MeterName);
        _requests = _meter.CreateCounter<long>("jan.llm.requests", "{request}", "Requests to models that ended.");
        _tokens = _meter.CreateCounter<long>("jan.llm.tokens", "{token}", "Tokens as the providers counted them.");
        _cost = _meter.CreateCounter<double>("jan.llm.cost", "{USD}", "What requests cost at the providers' prices.");
        _upstreamErrors = _meter.CreateCounter<long>("jan.llm.upstream.errors", "{error}", "Attempts at providers that failed.");
        _duration = _meter.CreateHistogram<double>("jan.llm.duration", "s", "From the request to the end of its answer.");
        _firstToken = _meter.CreateHistogram<double>("jan.llm.first_token", "s", "From the request to the first byte of its answer.");
        _streams = _meter.CreateUpDownCounter<long>("jan.llm.active_streams", "{stream}", "Streams that are open now.");
        _meter.CreateObservableGauge(
            "jan.llm.breaker.state", () => States(registry), "{state}", "0 the provider is asked, 1 it is probed, 2 it is left alone.");
    }

    public void Started(Exchange exchange)
    {
        if (exchange.Request.Stream)
        {
            _streams.Add(1);
        }
    }

    public void Ended(Exchange exchange)
    {
        if (exchange.Request.Stream)
        {
            _streams.Add(-1);
        }

        var tags = new TagList
        {
            { "operation", exchange.Request.Operation.ToName() },
            { "model", exchange.Offer?.UpstreamId },
            { "provider", exchange.Offer?.Provider.Settings.Name },
            { "status", StatusName(exchange.Status) },
        };
        _requests.Add(1, tags);
        _duration.Record(exchange.Elapsed.TotalSeconds, tags);
        if (exchange.FirstToken is { } first)
        {
            _firstToken.Record(first.TotalSeconds, tags);
        }

        if (exchange.Counts is { } counts)
        {
            AddTokens(exchange, "prompt", counts.Prompt);
            AddTokens(exchange, "completion", counts.Completion);
        }

        if (exchange.CostMicroUsd is { } cost)
        {
            _cost.Add(
                cost / 1e6,
                new KeyValuePair<string, object?>("model", exchange.Offer?.UpstreamId),
                new KeyValuePair<string, object?>("provider", exchange.Offer?.Provider.Settings.Name));
        }
    }

    public void UpstreamFailed(string provider, string reason) =>
        _upstreamErrors.Add(1, new KeyValuePair<string, object?>("provider", provider), new KeyValuePair<string, object?>("reason", reason));

    public static string StatusName(ExchangeStatus status) => status switch
    {
        ExchangeStatus.Succeeded => "ok",
        ExchangeStatus.Cancelled => "cancelled",
        _ => "failed",
    };

    public void Dispose() => _meter.Dispose();

    private void AddTokens(Exchange exchange, string kind, int count) => _tokens.Add(
        count,
        new KeyValuePair<string, object?>("kind", kind),
        new KeyValuePair<string, object?>("model", exchange.Offer?.UpstreamId),
        new KeyValuePair<string, object?>("provider", exchange.Offer?.Provider.Settings.Name));

    private static IEnumerable<Measurement<int>> States(ProviderRegistry registry) => registry.Providers.Select(provider =>
        new Measurement<int>(
            provider.Circuit switch
            {
                CircuitState.Closed => 0,
                CircuitState.HalfOpen => 1,
                _ => 2,
            },
            new KeyValuePair<string, object?>("provider", provider.Settings.Name)));
}
