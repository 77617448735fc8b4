using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Items;

namespace JanServer.LlmApi.Shares;

/// <summary>
/// A link to what a conversation was when it was shared: a row of <c>conversation_shares</c>, without the snapshot, which can be large.
/// </summary>
internal sealed record ConversationShare : IIdentified
{
    public const string Unlisted = "unlisted";

    public static string IdPrefix => "shr";

    public required Id<ConversationShare> Id { get; init; }

    /// <summary>Who knows it may read: see <see cref="ShareSlug"/>.</summary>
    public required string Slug { get; init; }

    public required Id<Conversation> ConversationId { get; init; }

    public required Id<UserRef> UserId { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    public required Id<ProjectRef> ProjectId { get; init; }

    /// <summary>The one item that is shared; null for the whole conversation.</summary>
    public Id<ConversationItem>? ItemId { get; init; }

    /// <summary>The title that the owner gave the share.</summary>
    public string? Title { get; init; }

    /// <summary>The form of the snapshot.</summary>
    public required int SnapshotVersion { get; init; }

    public required bool IncludeImages { get; init; }

    public required bool IncludeContext { get; init; }

    public required bool IncludeReasoning { get; init; }

    public long ViewCount { get; init; }

    public DateTimeOffset? LastViewedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
