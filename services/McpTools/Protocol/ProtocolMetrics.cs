using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol;

/// <summary>What the MCP server counts. No tag holds what a client may choose freely.</summary>
internal sealed class ProtocolMetrics : IDisposable
{
    private static readonly FrozenSet<string> Methods = FrozenSet.ToFrozenSet(
        [
            RequestMethods.Initialize,
            RequestMethods.Ping,
            RequestMethods.ServerDiscover,
            RequestMethods.ToolsList,
            RequestMethods.ToolsCall,
            RequestMethods.PromptsList,
            RequestMethods.PromptsGet,
            RequestMethods.ResourcesList,
            RequestMethods.ResourcesTemplatesList,
            RequestMethods.ResourcesRead,
            RequestMethods.ResourcesSubscribe,
            RequestMethods.ResourcesUnsubscribe,
            RequestMethods.CompletionComplete,
            RequestMethods.LoggingSetLevel,
            RequestMethods.SubscriptionsListen,
        ],
        StringComparer.Ordinal);

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _streams;

    public ProtocolMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(ServiceMeter.Name);
        _duration = _meter.CreateHistogram<double>("jan.mcp.request.duration", "s", "From a request of MCP to its answer.");
        _streams = _meter.CreateUpDownCounter<long>("jan.mcp.active_streams", "{stream}", "Streams of notifications that are open now.");
    }

    /// <summary>A request has ended.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="revision">The revision that it spoke; null when it did not say.</param>
    /// <param name="status"><c>ok</c>, <c>error</c> (of JSON-RPC), <c>cancelled</c> or <c>timeout</c>.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Ended(string method, string? revision, string status, TimeSpan elapsed) => _duration.Record(
        elapsed.TotalSeconds,
        new TagList
        {
            { "method", Methods.Contains(method) ? method : "other" },
            { "revision", revision ?? "none" },
            { "status", status },
        });

    /// <summary>A stream of notifications has begun (1) or ended (-1).</summary>
    public void Streams(int change) => _streams.Add(change);

    public void Dispose() => _meter.Dispose();
}
