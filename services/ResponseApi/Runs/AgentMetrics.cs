using System.Diagnostics.Metrics;

namespace JanServer.ResponseApi.Runs;

/// <summary>What the loop measures. No tag holds what a client or a model may choose freely.</summary>
internal sealed class AgentMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _modelCalls;
    private readonly Counter<long> _toolCalls;
    private readonly Histogram<double> _toolDuration;

    public AgentMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("JanServer.ResponseApi");
        _runs = _meter.CreateCounter<long>("jan.responses.ended", "{response}", "Responses that the loop brought to their last status, with the reason of those that are incomplete.");
        _modelCalls = _meter.CreateCounter<long>("jan.responses.model_calls", "{call}", "Calls of models.");
        _toolCalls = _meter.CreateCounter<long>("jan.responses.tool_calls", "{call}", "Calls of tools that ran here.");
        _toolDuration = _meter.CreateHistogram<double>("jan.responses.tool.duration", "s", "Time of calls of tools that ran here.");
    }

    public void Ended(RunProgress progress) =>
        _runs.Add(1, new("status", progress.Status), new KeyValuePair<string, object?>("reason", progress.IncompleteReason ?? ""));

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
