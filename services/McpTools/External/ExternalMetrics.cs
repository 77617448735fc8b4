using System.Diagnostics.Metrics;
using JanServer.McpTools.External.Servers;

namespace JanServer.McpTools.External;

/// <summary>What is measured of external servers. Labels are not told apart: anybody may make them up.</summary>
internal sealed class ExternalMetrics
{
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _refreshes;

    public ExternalMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ServiceMeter.Name);
        _calls = meter.CreateCounter<long>("jan.mcp.external.calls", "{call}", "Calls of tools of external servers.");
        _duration = meter.CreateHistogram<double>("jan.mcp.external.call.duration", "s", "How long calls of external servers took.");
        _refreshes = meter.CreateCounter<long>("jan.mcp.external.refreshes", "{refresh}", "Looks at the tools of external servers.");
    }

    public void Called(ExternalServer server, string outcome, TimeSpan duration)
    {
        KeyValuePair<string, object?> scope = new("scope", server.Scope), result = new("outcome", outcome);
        _calls.Add(1, scope, result);
        _duration.Record(duration.TotalSeconds, scope, result);
    }

    public void Refreshed(ExternalServer server, string outcome) => _refreshes.Add(1, new("scope", server.Scope), new("outcome", outcome));
}
