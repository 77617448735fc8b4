using System.Text.Json;
using JanServer.McpTools.Protocol;
using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol;

namespace JanServer.McpTools.Tools;

/// <summary>One call of a tool.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Caller">For whom.</param>
/// <param name="Arguments">A JSON object.</param>
internal sealed record ToolCall(string Name, Caller Caller, JsonElement Arguments)
{
    /// <summary>
    /// The model's id of the call, from header <c>X-Tool-Call-ID</c>. With <see cref="ConversationId"/> it says which item of the
    /// conversation is told what became of the call.
    /// </summary>
    public string? CallId { get; init; }

    /// <summary>The conversation, from header <c>X-Conversation-ID</c>.</summary>
    public string? ConversationId { get; init; }

    /// <summary>
    /// From header <c>Idempotency-Key</c>: a second call of the same user with the same key gets the first one's result and has no
    /// effect of its own; the first then runs to its end even when its client leaves.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Told how far the call is, if the client asked.</summary>
    public IProgress<ProgressNotificationValue>? Progress { get; init; }

    /// <summary>The client, for a tool that has questions for it or something for its log; null when the call comes from elsewhere.</summary>
    public ClientDialogue? Client { get; init; }
}
