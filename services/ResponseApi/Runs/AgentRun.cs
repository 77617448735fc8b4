using JanServer.ResponseApi.Chat;
using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Runs;

/// <summary>One run of the loop over one response.</summary>
internal sealed class AgentRun
{
    private readonly RunProgress _progress;
    private readonly ToolSet _tools;
    private readonly EventSink _sink;
    private readonly RunOutput _output;
    private readonly ModelAsk _model;
    private readonly ToolRounds _rounds;
    private readonly AgentOptions _options;
    private readonly TimeProvider _clock;

    public AgentRun(
        Response response, ToolSet tools, EventSink sink, ChatClient chat, AgentOptions options, AgentMetrics metrics, TimeProvider clock, ILogger logger)
    {
        (_progress, _tools, _sink, _options, _clock) = (response.Progress, tools, sink, options, clock);
        _output = new(_progress);
        _model = new(response, tools, sink, _output, chat, metrics, clock);
        _rounds = new(response, tools, sink, _output, options, metrics, clock, logger);
    }

    /// <summary>Works until the progress has its last status.</summary>
    public async Task WorkAsync(CancellationToken ct)
    {
        if (_progress.IsFresh)
        {
            await OpenAsync(ct);
        }

        var awaits = await ResumeAsync(ct);
        awaits |= await _rounds.RunApprovedAsync(ct);
        if (awaits || AwaitsClient())
        {
            _progress.Status = ResponseStatus.Completed;
            return;
        }

        string? limit = null;
        while (true)
        {
            limit ??= IsOverTime() ? "time_limit" : null;
            var answer = await _model.AskAsync(limit, ct);
            if (answer.Failure is { } failure)
            {
                (_progress.Status, _progress.Error) = (ResponseStatus.Failed, failure.ToError());
                return;
            }

            if (EndOf(answer, limit) is { } end)
            {
                (_progress.Status, _progress.IncompleteReason) = end;
                return;
            }

            var round = await _rounds.RunAsync(answer.Calls, ct);
            if (round.AwaitsClient || answer.Calls.Any(call => call.IsClients))
            {
                _progress.Status = ResponseStatus.Completed;
                return;
            }

            limit = round.Limit;
        }
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        foreach (var item in _tools.Opening)
        {
            var output = new ItemOutput(_sink, item.Text("id") ?? "");
            await OpeningItems.ShowAsync(item, output, ct);
            await _sink.EndItemAsync(output.Index, item, ct);
            _output.Add(output.Index, item);
        }
    }

    /// <summary>Ends or goes on with what the run before this one has left.</summary>
    private async Task<bool> ResumeAsync(CancellationToken ct)
    {
        var running = _progress.RunningItems();
        foreach (var (index, item) in _progress.OpenItems)
        {
            _progress.NextOutputIndex = Math.Max(_progress.NextOutputIndex, index + 1);
            if (!running.Contains(item.Text("id") ?? ""))
            {
                await _sink.EndItemAsync(index, item.WithStatus("incomplete"), ct);
            }
        }

        return running.Count > 0 && await _rounds.ResumeAsync(ct);
    }

    /// <summary>Whether the response has called something of the client's, which an interrupted run may have done last.</summary>
    private bool AwaitsClient() =>
        _progress.Output.Any(item => item.TypeOf() is "function_call" or "custom_tool_call" or "mcp_approval_request");

    private bool IsOverTime() => _progress.ModelCalls > 0 && _clock.GetUtcNow() - _progress.StartedAt > _options.TimeLimit;

    private static (string Status, string? Reason)? EndOf(ModelAnswer answer, string? limit) => answer switch
    {
        { FinishReason: "length" } => (ResponseStatus.Incomplete, "max_output_tokens"),
        { FinishReason: "content_filter" } => (ResponseStatus.Incomplete, "content_filter"),
        _ when limit is not null => (ResponseStatus.Incomplete, limit),
        { Calls.Count: 0 } => (ResponseStatus.Completed, null),
        _ => null,
    };
}
