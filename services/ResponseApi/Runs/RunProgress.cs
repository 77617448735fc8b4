using System.Text.Json;
using JanServer.ResponseApi.Responses;

namespace JanServer.ResponseApi.Runs;

/// <summary>How far a response is: what a checkpoint makes durable, and what another replica continues from.</summary>
internal sealed class RunProgress
{
    /// <summary><c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public string Status { get; set; } = ResponseStatus.Queued;

    /// <summary>The output items that are finished, in OpenAI's form.</summary>
    public List<JsonElement> Output { get; init; } = [];

    /// <summary>Every tool call that ran or runs here, in order. One that is in progress at a checkpoint is called again, with the same key, by whoever continues.</summary>
    public List<ToolExecution> Executions { get; init; } = [];

    /// <summary>Summed over all model calls.</summary>
    public RunUsage Usage { get; set; }

    /// <summary>Model calls that have ended.</summary>
    public int ModelCalls { get; set; }

    /// <summary>The sequence number of the next event.</summary>
    public long NextSequenceNumber { get; set; }

    /// <summary>The output index of the next item. Ahead of <see cref="Output"/> after a step was given up and begun anew.</summary>
    public int NextOutputIndex { get; set; }

    /// <summary>
    /// What the stream shows as begun and not ended, or as the item of a call that is made again, found in the log of its events by whoever continues. The loop ends these
    /// items as incomplete, or goes on with them when their call is made again. Not part of a checkpoint.
    /// </summary>
    public IReadOnlyList<OpenItem> OpenItems { get; set; } = [];

    /// <summary>Why it is incomplete: <c>max_output_tokens</c>, <c>max_tool_calls</c>, <c>content_filter</c>, or of ours: <c>max_tool_depth</c>, <c>time_limit</c>, <c>repeated_tool_calls</c>.</summary>
    public string? IncompleteReason { get; set; }

    public RunError? Error { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it reached its last status, whichever that is.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Whether nothing of the run has happened yet, so that it begins rather than goes on.</summary>
    public bool IsFresh => ModelCalls == 0 && Output.Count == 0 && Executions.Count == 0;

    /// <summary>The ids of the items of calls that have not ended.</summary>
    public HashSet<string> RunningItems() => Executions
        .Where(execution => execution.Status == ToolStatus.InProgress)
        .Select(execution => execution.ItemId)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Makes it cancelled, with every call that was still running. Only for a run that nobody works on any more.</summary>
    public void Cancel(DateTimeOffset now)
    {
        (Status, EndedAt) = (ResponseStatus.Cancelled, now);
        for (var i = 0; i < Executions.Count; i++)
        {
            if (Executions[i].Status == ToolStatus.InProgress)
            {
                Executions[i] = Executions[i] with { Status = ToolStatus.Cancelled, CompletedAt = now };
            }
        }
    }
}

/// <summary>What went wrong, for the client.</summary>
/// <param name="Code">OpenAI's (<c>server_error</c>, <c>rate_limit_exceeded</c>, ...) where one fits.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Status">The HTTP status for a client whose answer has not begun, 400 to 599.</param>
/// <param name="Param">The field of the request at fault, if one is.</param>
internal sealed record RunError(string Code, string Message, int Status = 500, string? Param = null);

/// <summary>An item that a stream has shown to begin and not to end, for a run that is continued after a crash.</summary>
/// <param name="OutputIndex">Its place in the stream.</param>
/// <param name="Item">As <c>response.output_item.added</c> showed it.</param>
internal readonly record struct OpenItem(int OutputIndex, JsonElement Item);

/// <summary>Tokens of all model calls of a response.</summary>
internal readonly record struct RunUsage(long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens)
{
    public long TotalTokens => InputTokens + OutputTokens;

    public static RunUsage operator +(RunUsage left, RunUsage right) => new(
        left.InputTokens + right.InputTokens,
        left.CachedTokens + right.CachedTokens,
        left.OutputTokens + right.OutputTokens,
        left.ReasoningTokens + right.ReasoningTokens);
}
