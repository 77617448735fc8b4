using System.Diagnostics.Metrics;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Background;

/// <summary>What is counted about runs.</summary>
internal sealed class RunMetrics
{
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _claims;

    public RunMetrics(IMeterFactory meters, RunningResponses running)
    {
        var meter = meters.Create("JanServer.ResponseApi");
        _durations = meter.CreateHistogram<double>("jan.responses.run.duration", "s", "How long responses ran on this replica, by how they ended.");
        _claims = meter.CreateCounter<long>("jan.responses.claims", "{response}", "Background responses taken from the queue, or over from a replica that is gone.");
        meter.CreateObservableGauge("jan.responses.running", () => running.All.Count, "{response}", "Responses that run on this replica.");
        meter.CreateObservableGauge("jan.responses.queued", () => Queued, "{response}", "Background responses that wait, on all replicas.");
    }

    /// <summary>How many waited when it was last counted.</summary>
    public long Queued { get; set; }

    public void Ended(Response response, StopReason reason, TimeSpan duration) => _durations.Record(
        duration.TotalSeconds,
        new KeyValuePair<string, object?>("status", response.Progress.Status),
        new KeyValuePair<string, object?>("background", response.Request.Background),
        new KeyValuePair<string, object?>("stopped", reason.ToString()));

    public void Claimed(bool isOrphan) => _claims.Add(1, new KeyValuePair<string, object?>("taken_over", isOrphan));
}
