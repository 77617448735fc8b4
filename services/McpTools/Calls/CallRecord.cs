using System.Text;
using JanServer.Contracts.Ids;
using JanServer.McpTools.Tools;

namespace JanServer.McpTools.Calls;

/// <summary>One call in the ledger: who called what, when, and how it ended. Neither arguments nor results.</summary>
internal sealed record CallRecord : IIdentified
{
    private const int MaxText = 256;

    public static string IdPrefix => "toolcall";

    public required Id<CallRecord> Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required Guid UserId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public Guid? ApiKeyId { get; init; }

    public required string Tool { get; init; }

    public string? Provider { get; init; }

    public required string Status { get; init; }

    public string? Failure { get; init; }

    public required int DurationMs { get; init; }

    public required int ArgumentBytes { get; init; }

    public required int ResultBytes { get; init; }

    public string? ConversationId { get; init; }

    public string? CallId { get; init; }

    public static CallRecord Of(ITool tool, ToolCall call, CallOutcome outcome, DateTimeOffset startedAt, TimeSpan duration)
    {
        var caller = call.Caller;
        return new()
        {
            Id = new(Guid.CreateVersion7(startedAt)),
            StartedAt = startedAt,
            UserId = caller.UserId.Value,
            OrganizationId = caller.OrganizationId.Value,
            ProjectId = caller.ProjectId.Value,
            ApiKeyId = caller.ApiKeyId?.Value,
            Tool = Storable(call.Name)!,
            Provider = Storable(tool.Provider ?? CallText.EngineOf(outcome.Result)),
            Status = outcome.Status,
            Failure = outcome.Failure,
            DurationMs = (int)Math.Min(duration.TotalMilliseconds, int.MaxValue),
            ArgumentBytes = Encoding.UTF8.GetByteCount(call.Arguments.GetRawText()),
            ResultBytes = CallText.BytesOf(outcome.Result),
            ConversationId = Storable(call.ConversationId),
            CallId = Storable(call.CallId),
        };
    }

    private static string? Storable(string? text) =>
        text is null ? null : (text.Length > MaxText ? text[..MaxText] : text).Replace("\0", "", StringComparison.Ordinal);
}

/// <summary>A call for the ledger, and what its conversation is to be told, in one.</summary>
internal sealed record CallEntry(CallRecord? Record, CallReport? Report);
