using System.Diagnostics.Metrics;

namespace JanServer.ResponseApi.Runs;

/// <summary>What the loop measures. No tag holds what a client or a model may choose freely.</summary>
internal sealed class AgentMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _modelCalls;
    private readonly Counter<long> _toolCalls;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _toolDuration;

    public AgentMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("JanServer.ResponseApi");
        _runs = _meter.CreateCounter<long>("jan.response.runs", "{run}", "Responses that reached their last status in the loop.");
        _modelCalls = _meter.CreateCounter<long>("jan.response.model_calls", "{call}", "Calls of models.");
        _toolCalls = _meter.CreateCounter<long>("jan.response.tool_calls", "{call}", "Calls of tools that ran here.");
        _duration = _meter.CreateHistogram<double>("jan.response.duration", "s", "From the start of a response to its last status.");
        _toolDuration = _meter.CreateHistogram<double>("jan.response.tool.duration", "s", "Time of calls of tools that ran here.");
    }

    public void Ended(RunProgress progress)
    {
        var tags = new KeyValuePair<string, object?>[] { new("status", progress.Status), new("reason", progress.IncompleteReason ?? "") };
        _runs.Add(1, tags);
        if (progress is { StartedAt: { } from, EndedAt: { } to })
        {
            _duration.Record((to - from).TotalSeconds, tags);
        }
    }

    public void ModelCalled(bool failed) => _modelCalls.Add(1, new KeyValuePair<string, object?>("outcome", failed ? "failed" : "ok"));

    /// <param name="kind">The kind of tool, by the prefix of its items.</param>
    /// <param name="execution">The finished call.</param>
    public void ToolCalled(string kind, ToolExecution execution)
    {
        var tags = new KeyValuePair<string, object?>[] { new("kind", kind), new("status", execution.Status) };
        _toolCalls.Add(1, tags);
        if (execution.CompletedAt is { } ended)
        {
            _toolDuration.Record((ended - execution.StartedAt).TotalSeconds, tags);
        }
    }

    public void Dispose() => _meter.Dispose();
}
