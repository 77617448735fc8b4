using System.Diagnostics.Metrics;

namespace JanServer.Sandbox.Metering;

/// <summary>The meter of this service. No tag holds what a client may choose freely.</summary>
internal sealed class SandboxMetrics : IDisposable
{
    public const string MeterName = "JanServer.Sandbox";

    private readonly Meter _meter;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;
    private readonly UpDownCounter<long> _sessions;

    public SandboxMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _runs = _meter.CreateCounter<long>("jan.sandbox.runs", "{run}", "Programs and cells that ended.");
        _refused = _meter.CreateCounter<long>("jan.sandbox.refused", "{run}", "Runs that found no place.");
        _duration = _meter.CreateHistogram<double>("jan.sandbox.duration", "s", "From the start of a program or cell to its end.");
        _wait = _meter.CreateHistogram<double>("jan.sandbox.wait", "s", "How long runs waited for a place.");
        _sessions = _meter.CreateUpDownCounter<long>("jan.sandbox.sessions", "{session}", "Interpreters that are kept.");
    }

    /// <summary>Counts a run that ended.</summary>
    /// <param name="language">Its language.</param>
    /// <param name="outcome"><c>success</c>, <c>failed</c>, <c>timeout</c>, <c>out_of_memory</c>, <c>sandbox_error</c>.</param>
    /// <param name="duration">How long it took.</param>
    public void Ran(string language, string outcome, TimeSpan duration)
    {
        var first = new KeyValuePair<string, object?>("language", language);
        var second = new KeyValuePair<string, object?>("outcome", outcome);
        _runs.Add(1, first, second);
        _duration.Record(duration.TotalSeconds, first, second);
    }

    public void Waited(TimeSpan wait) => _wait.Record(wait.TotalSeconds);

    /// <summary>Counts a run that was turned away: <c>full</c> or <c>waited</c>.</summary>
    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void SessionBegan() => _sessions.Add(1);

    public void SessionEnded() => _sessions.Add(-1);

    public void Dispose() => _meter.Dispose();
}
