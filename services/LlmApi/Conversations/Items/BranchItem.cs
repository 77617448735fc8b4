using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Branches;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>That a branch holds an item, and where: a row of <c>conversation_branch_items</c>.</summary>
[PrimaryKey(nameof(BranchId), nameof(Position))]
internal sealed record BranchItem
{
    public required Id<Branch> BranchId { get; init; }

    public required long Position { get; init; }

    public required Id<ConversationItem> ItemId { get; init; }
}
