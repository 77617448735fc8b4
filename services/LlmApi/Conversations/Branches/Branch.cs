using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Items;

namespace JanServer.LlmApi.Conversations.Branches;

/// <summary>One timeline of a conversation: a row of <c>conversation_branches</c>. Clients know it by its name.</summary>
internal sealed record Branch : IIdentified
{
    /// <summary>The branch that every conversation has.</summary>
    public const string Main = "MAIN";

    public static string IdPrefix => "branch";

    public required Id<Branch> Id { get; init; }

    public required Id<Conversation> ConversationId { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? ParentBranch { get; init; }

    public DateTimeOffset? ForkedAt { get; init; }

    public Id<ConversationItem>? ForkedFromItemId { get; init; }

    /// <summary>When an edit put this timeline aside; the oldest such branches are pruned.</summary>
    public DateTimeOffset? BackedUpAt { get; init; }

    public int ItemCount { get; init; }

    /// <summary>Where the next item goes.</summary>
    public long NextPosition { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The name as stored: <c>main</c> is <see cref="Main"/>.</summary>
    public static string Normalize(string name) => name.Equals(Main, StringComparison.OrdinalIgnoreCase) ? Main : name;
}
