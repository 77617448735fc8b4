using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Branches;

namespace JanServer.LlmApi.Shares;

/// <summary>What a snapshot is made of: the part of an item that readers may see some of.</summary>
internal sealed record SharedItem(
    string Type,
    string? Role,
    string? Status,
    string? Content,
    string? CallId,
    string? Name,
    string? Arguments,
    string? Output,
    string? Extra,
    DateTimeOffset CreatedAt);

/// <summary>The conversation that is shared; the branch is null when it has none of the name.</summary>
internal sealed record SharedConversation(string? Title, string Metadata, Id<Branch>? BranchId);
