using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace JanServer.McpTools.Calls;

/// <summary>The metrics of calls. No tag holds what a user may choose freely: tools and providers of external servers are <c>external</c>.</summary>
internal sealed class CallMetrics : IDisposable
{
    private const string External = "external";

    private readonly Meter _meter;
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _replays;
    private readonly Counter<long> _reports;

    public CallMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(ServiceMeter.Name);
        _calls = _meter.CreateCounter<long>("jan.mcp.tool.calls", "{call}", "Calls of tools that ended.");
        _duration = _meter.CreateHistogram<double>("jan.mcp.tool.duration", "s", "From the call to its result.");
        _active = _meter.CreateUpDownCounter<long>("jan.mcp.tool.active", "{call}", "Calls that run now.");
        _replays = _meter.CreateCounter<long>("jan.mcp.tool.replays", "{call}", "Calls answered with the result of an earlier one with the same idempotency key.");
        _reports = _meter.CreateCounter<long>("jan.mcp.call_reports", "{report}", "Attempts to tell conversations of calls, by outcome.");
    }

    public void Started() => _active.Add(1);

    public void Stopped() => _active.Add(-1);

    public void Ended(CallRecord call, bool isExternal, TimeSpan duration)
    {
        var tags = new TagList
        {
            { "tool", isExternal ? External : call.Tool },
            { "provider", isExternal ? External : call.Provider },
            { "status", call.Status },
            { "failure", call.Failure },
        };
        _calls.Add(1, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Replayed() => _replays.Add(1);

    /// <param name="outcome"><c>told</c>, <c>dropped</c>, <c>retried</c> or <c>given_up</c>.</param>
    public void Reported(string outcome) => _reports.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose() => _meter.Dispose();
}
