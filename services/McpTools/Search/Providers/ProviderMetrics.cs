using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace JanServer.McpTools.Search.Providers;

/// <summary>How providers behave. No tag holds what a caller may choose.</summary>
internal sealed class ProviderMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _latency;
    private readonly Counter<long> _lookups;

    public ProviderMetrics(IMeterFactory meters, ProviderCircuits circuits)
    {
        _meter = meters.Create(ServiceMeter.Name);
        _requests = _meter.CreateCounter<long>(
            "jan.mcp.external_provider.requests", "{request}", "Attempts at providers, and calls that an open circuit kept from them.");
        _latency = _meter.CreateHistogram<double>("jan.mcp.external_provider.latency", "s", "From an attempt to the end of its answer.");
        _lookups = _meter.CreateCounter<long>("jan.mcp.cache.lookups", "{lookup}", "Answers of tools by where they came from.");
        _meter.CreateObservableGauge(
            "jan.mcp.circuit_breaker.state",
            () => circuits.All.Select(entry => new Measurement<int>(entry.Value.State, new KeyValuePair<string, object?>("provider", entry.Key))),
            "{state}",
            "0 the provider is asked, 1 it is probed, 2 it is left alone.");
    }

    /// <summary>An attempt has ended.</summary>
    public void Attempted(string operation, string provider, string status, TimeSpan took)
    {
        var tags = new TagList { { "operation", operation }, { "provider", provider }, { "status", status } };
        _requests.Add(1, tags);
        _latency.Record(took.TotalSeconds, tags);
    }

    /// <summary>A provider was not asked.</summary>
    public void Spared(string operation, string provider) => _requests.Add(
        1, new TagList { { "operation", operation }, { "provider", provider }, { "status", nameof(ProviderFailureReason.CircuitOpen) } });

    /// <summary>A tool has answered, with this <c>cache_status</c>.</summary>
    public void Answered(string operation, string cacheStatus) =>
        _lookups.Add(1, new TagList { { "operation", operation }, { "status", cacheStatus } });

    public void Dispose() => _meter.Dispose();
}
