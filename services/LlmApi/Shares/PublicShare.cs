using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Shares;

/// <summary>What is stored at a public address.</summary>
/// <param name="Snapshot">What readers see, as JSON; null when it was not asked for.</param>
internal sealed record PublicShare(
    Id<ConversationShare> Id,
    string Slug,
    string? Title,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    byte[]? Snapshot)
{
    /// <summary>Names the snapshot, which never changes, so the share's id is as good as a hash.</summary>
    public string EntityTag => $"\"{Id}\"";
}
