using JanServer.McpTools.Protocol.Answers;
using JanServer.McpTools.Protocol.Sessions;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.Protocol.Requests;

/// <summary>Everything about a message besides the message.</summary>
/// <param name="Caller">Who sent it.</param>
/// <param name="Answer">Where its answer goes.</param>
internal sealed record McpRequest(Caller Caller, IAnswer Answer)
{
    /// <summary>What it was said to speak, in the header or by its session; null when nothing was said.</summary>
    public string? Revision { get; init; }

    /// <summary>From header <c>X-Tool-Call-ID</c>.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>From header <c>X-Conversation-ID</c>.</summary>
    public string? ConversationId { get; init; }

    /// <summary>From header <c>Idempotency-Key</c>. With one, the work goes on when the client leaves: it will ask again.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Its headers, which tools of revision 2026-07-28 may want to see parts of the arguments in.</summary>
    public IHeaderDictionary Headers { get; init; } = new HeaderDictionary();

    /// <summary>Its session, if it has one.</summary>
    public Session? Session { get; init; }

    /// <summary>Asks the client; null when it has no session.</summary>
    public IQuestions? Questions { get; init; }

    /// <summary>Whether it speaks the revision that has no handshake.</summary>
    public bool IsStateless => Revision == Revisions.Stateless;
}
