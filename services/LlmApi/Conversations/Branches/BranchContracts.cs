using System.Text.Json;
using JanServer.LlmApi.Conversations.Items;

namespace JanServer.LlmApi.Conversations.Branches;

/// <summary>Makes a branch: empty, or a copy of another up to an item.</summary>
/// <param name="Name">1 to 50 letters, digits, spaces, dots, dashes and underscores; not <c>MAIN</c>.</param>
/// <param name="ParentBranch">What to copy; the active branch when only an item is named.</param>
/// <param name="ForkFromItemId">The last item to copy; all unless told.</param>
/// <param name="Description">What it is for.</param>
public sealed record CreateBranch(string? Name, string? ParentBranch = null, string? ForkFromItemId = null, string? Description = null);

/// <summary>Says something else in place of what the user said.</summary>
/// <param name="Content">A string, or parts in OpenAI's form.</param>
/// <param name="Regenerate">Taken for the reference's sake; an answer is made by a chat completion.</param>
public sealed record EditItem(JsonElement? Content = null, bool? Regenerate = null);

/// <summary>Takes an answer back; its members are the reference's and have no effect here: the answer is made by a chat completion.</summary>
/// <param name="Model">No effect.</param>
/// <param name="Temperature">No effect.</param>
/// <param name="MaxTokens">No effect.</param>
public sealed record RegenerateItem(string? Model = null, double? Temperature = null, int? MaxTokens = null);

/// <summary>A branch. Times are Unix seconds.</summary>
/// <param name="ParentBranch">What it was copied from; that branch may be gone.</param>
/// <param name="IsBackup">Whether an edit put it aside. The oldest of these are deleted in time; activating one keeps it.</param>
public sealed record BranchResource(
    string Name,
    string? Description,
    string? ParentBranch,
    long? ForkedAt,
    string? ForkedFromItemId,
    int ItemCount,
    bool IsActive,
    bool IsBackup,
    long CreatedAt,
    long UpdatedAt)
{
    internal static BranchResource Of(Branch branch, string active) => new(
        branch.Name,
        branch.Description,
        branch.ParentBranch,
        branch.ForkedAt?.ToUnixTimeSeconds(),
        branch.ForkedFromItemId?.ToString(),
        branch.ItemCount,
        branch.Name == active,
        branch.BackedUpAt is not null,
        branch.CreatedAt.ToUnixTimeSeconds(),
        branch.UpdatedAt.ToUnixTimeSeconds());
}

/// <summary>All branches of a conversation, the oldest first.</summary>
public sealed record BranchList(IReadOnlyList<BranchResource> Data, string ActiveBranch)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}

/// <summary>Says which branch is active now.</summary>
public sealed record ActivatedBranch(string ActiveBranch, string Message);

/// <summary>Says what became of an edit.</summary>
/// <param name="Branch">The branch with the new timeline, which is active.</param>
/// <param name="OldMainBackup">The branch with the timeline as it was.</param>
/// <param name="NewBranch">The branch with the new timeline.</param>
/// <param name="UserItem">What the user says now.</param>
public sealed record EditedItem(string Branch, string OldMainBackup, BranchResource NewBranch, ItemResource UserItem)
{
    /// <summary>Always true.</summary>
    public bool BranchCreated => true;
}

/// <summary>Says what became of a regeneration.</summary>
/// <param name="Branch">The branch with the new timeline, which is active.</param>
/// <param name="OldMainBackup">The branch with the timeline as it was.</param>
/// <param name="NewBranch">The branch with the new timeline.</param>
/// <param name="UserItemId">What the user said last on it, to be answered by a chat completion.</param>
public sealed record RegeneratedItem(string Branch, string OldMainBackup, BranchResource NewBranch, string UserItemId)
{
    /// <summary>Always true.</summary>
    public bool BranchCreated => true;
}

/// <summary>The conversation after an item was deleted from its active branch: OpenAI's object with the reference's members.</summary>
/// <param name="Branch">The branch without the item, which is active.</param>
/// <param name="OldMainBackup">The branch with the timeline as it was.</param>
/// <param name="DeletedIds">The item, and the results of the calls that it made.</param>
public sealed record DeletedItem(
    string Id,
    string? Title,
    IReadOnlyDictionary<string, string> Metadata,
    long CreatedAt,
    long UpdatedAt,
    string Branch,
    string OldMainBackup,
    IReadOnlyList<string> DeletedIds)
{
    /// <summary>Always <c>conversation</c>.</summary>
    public string Object => "conversation";

    /// <summary>Always true.</summary>
    public bool BranchCreated => true;

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}
