using System.Text.Json;

namespace JanServer.ResponseApi.Runs;

/// <summary>A call of a tool that ran here, from beginning to end.</summary>
internal sealed record ToolExecution
{
    /// <summary>The model's id of the call. Within one response it is unique: the loop renames a repeated one.</summary>
    public required string CallId { get; init; }

    /// <summary>The output item that shows the call.</summary>
    public required string ItemId { get; init; }

    /// <summary>The function that the model called.</summary>
    public required string ToolName { get; init; }

    /// <summary>As the model wrote them.</summary>
    public required string Arguments { get; init; }

    /// <summary>1 for the first call of the response.</summary>
    public required int Order { get; init; }

    /// <summary>Which model call of the response asked for it, from 1; 0 for a call that the client approved. Calls of one model call are shown to the model together.</summary>
    public int ModelCall { get; init; }

    /// <summary>How many output items there were when it was asked for: where a call that no item shows belongs.</summary>
    public int OutputsBefore { get; init; }

    /// <summary><c>in_progress</c>, <c>completed</c>, <c>failed</c>, <c>incomplete</c> (timed out) or <c>cancelled</c> (stopped, or never made: a limit was reached).</summary>
    public required string Status { get; init; }

    /// <summary>What the model is told; null while it runs.</summary>
    public string? ModelText { get; init; }

    /// <summary>The tool's own result for the record, when it has more than <see cref="ModelText"/>.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it failed, in words for the user.</summary>
    public string? Error { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }
}
