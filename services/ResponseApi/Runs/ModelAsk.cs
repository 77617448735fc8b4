using JanServer.ResponseApi.Chat;
using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Runs;

/// <summary>What came of one model call.</summary>
/// <param name="Calls">The calls that it asked for.</param>
/// <param name="FinishReason">Why it stopped.</param>
/// <param name="Failure">Why there is no answer, or only a part of one.</param>
internal sealed record ModelAnswer(IReadOnlyList<CallWriter> Calls, string? FinishReason, ChatFailure? Failure = null);

/// <summary>Asks the model of a response and shows its answer as it comes.</summary>
internal sealed class ModelAsk(
    Response response, ToolSet tools, EventSink sink, RunOutput output, ChatClient chat, AgentMetrics metrics, TimeProvider clock)
{
    private static readonly Dictionary<string, string> LimitNotices = new(StringComparer.Ordinal)
    {
        ["max_tool_depth"] = "You have used tools as many times in a row as is allowed.",
        ["max_tool_calls"] = "You have made as many tool calls as this response may have.",
        ["time_limit"] = "The time for using tools is over.",
        ["repeated_tool_calls"] = "You keep making the same tool call.",
    };

    private readonly HashSet<string> _callIds = CallIdsOf(response);
    private bool _withoutTools;

    /// <param name="limit">The limit that was reached, when this is the last answer and without tools; else null.</param>
    /// <param name="ct">Ends the model's work.</param>
    public async Task<ModelAnswer> AskAsync(string? limit, CancellationToken ct)
    {
        if (TokensLeft() is <= 0)
        {
            return new([], "length");
        }

        var offered = Offered();
        var (stream, failure) = await OpenAsync(offered, limit, ct);
        if (failure is { RefusesTools: true } && offered.Count > 0)
        {
            _withoutTools = true;
            offered = Offered();
            (stream, failure) = await OpenAsync(offered, limit, ct);
        }

        if (failure is not null)
        {
            metrics.ModelCalled(failed: true);
            return new([], null, failure);
        }

        await using var answer = stream!;
        var isFinal = limit is not null || ModeOf() == "none";
        return await ReadAsync(answer, isFinal ? [] : offered, isFinal, ct);
    }

    private ValueTask<(ChatStream? Stream, ChatFailure? Failure)> OpenAsync(
        Dictionary<string, IToolBinding> offered, string? limit, CancellationToken ct)
    {
        var call = new ChatCall(
            InstructionsWith(limit),
            RunItems.Of(response),
            [.. offered.Values.Select(binding => binding.Function)],
            limit is not null ? "none" : ModeOf(),
            TokensLeft());
        return chat.OpenAsync(response.Caller, ChatRequestWriter.Write(response.Request, call), ct);
    }

    private async Task<ModelAnswer> ReadAsync(ChatStream stream, Dictionary<string, IToolBinding> offered, bool isFinal, CancellationToken ct)
    {
        var writer = new AnswerWriter(sink, output, response, offered, _callIds, clock);
        try
        {
            return await ReadAsync(stream, writer, isFinal, ct);
        }
        catch (OperationCanceledException)
        {
            writer.Keep();
            throw;
        }
    }

    private async Task<ModelAnswer> ReadAsync(ChatStream stream, AnswerWriter writer, bool isFinal, CancellationToken ct)
    {
        RunUsage? usage = null;
        string? reason = null;
        ChatFailure? failure = null;
        var isDone = false;
        while (failure is null && !isDone && await stream.NextAsync() is { } chunk)
        {
            (failure, isDone) = (chunk.Failure, chunk.IsDone);
            usage = chunk.Usage ?? usage;
            reason = chunk.FinishReason ?? reason;
            if (isFinal)
            {
                // What is called when nothing may be called is not listened to.
                chunk.Calls.Clear();
            }

            await writer.WriteAsync(chunk, ct);
        }

        failure ??= isDone || reason is not null ? null : ChatFailure.BrokeOff;
        response.Progress.Usage += usage ?? default;
        response.Progress.ModelCalls++;
        metrics.ModelCalled(failure is not null);
        await writer.EndAsync(failure is null && reason is not ("length" or "content_filter") ? "completed" : "incomplete", ct);
        return new(writer.Calls, reason, failure);
    }

    /// <summary>The functions that the model may call now, by name.</summary>
    private Dictionary<string, IToolBinding> Offered()
    {
        var isFirst = response.Progress.ModelCalls == 0;
        var only = isFirst || response.Request.ToolChoice.IsLasting ? tools.Choice.Functions : null;
        return _withoutTools || tools.Choice.Mode == "none"
            ? []
            : tools.Bindings
                .Where(one => only is null || only.Contains(one.Key, StringComparer.Ordinal))
                .ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
    }

    // A call is forced once: forced again, the model would never come to answer.
    private string ModeOf() => tools.Choice.Mode == "required" && response.Progress.ModelCalls > 0 ? "auto" : tools.Choice.Mode;

    private long? TokensLeft() => response.Request.MaxOutputTokens is { } most ? most - response.Progress.Usage.OutputTokens : null;

    private string? InstructionsWith(string? limit)
    {
        var parts = new List<string>();
        if (!string.IsNullOrEmpty(response.Request.Instructions))
        {
            parts.Add(response.Request.Instructions);
        }

        parts.AddRange(tools.Notices);
        if (_withoutTools)
        {
            parts.Add("No tools can be used with this model. Say so if the answer needs one.");
        }

        if (limit is not null)
        {
            parts.Add($"{LimitNotices[limit]} Do not call any tool now. Answer with what you know, and say what is missing.");
        }

        return parts.Count > 0 ? string.Join("\n\n", parts) : null;
    }

    private static HashSet<string> CallIdsOf(Response response)
    {
        var ids = response.Context
            .Concat(response.Input)
            .Select(item => item.Execution?.CallId ?? item.Item.Text("call_id"))
            .Concat(response.Progress.Output.Select(item => item.Text("call_id")))
            .Concat(response.Progress.Executions.Select(execution => (string?)execution.CallId));
        return ids.OfType<string>().ToHashSet(StringComparer.Ordinal);
    }
}
