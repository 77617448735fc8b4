using System.Text.RegularExpressions;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Conversations.Branches;

/// <summary>Makes, activates and removes branches by name.</summary>
internal sealed partial class BranchChanges(LlmContext db, TimelineStore store, TimeProvider clock)
{
    /// <summary>So many branches that are no backups may a conversation have.</summary>
    public const int MaxBranches = 100;
    private const int MaxDescription = 1024;

    public async Task<(Branch? Branch, ApiError? Error)> CreateAsync(
        Caller caller, Id<Conversation> id, CreateBranch input, CancellationToken ct)
    {
        if (Check(input) is { } bad)
        {
            return (null, bad);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await store.LockAsync(caller, id, ct) is not { } active)
        {
            return (null, ApiError.NotFound("conversation"));
        }

        var branches = await store.ListAsync(id, ct);
        if (branches.Exists(branch => branch.Name == input.Name))
        {
            return (null, ApiError.Conflict("The conversation has a branch of that name.", "name"));
        }

        if (branches.Count(branch => branch.BackedUpAt is null) >= MaxBranches)
        {
            return (null, ApiError.Conflict($"A conversation may have at most {MaxBranches} branches; delete one first."));
        }

        var from = input.ForkFromItemId;
        var parentName = input.ParentBranch is { } given ? Branch.Normalize(given) : from is null ? null : active;
        var parent = branches.Find(branch => branch.Name == parentName);
        if (parentName is not null && parent is null)
        {
            return (null, ApiError.Invalid("parent_branch", "The conversation has no branch of that name."));
        }

        var upTo = long.MaxValue;
        var item = from is null ? (Id<ConversationItem>?)null : ItemRef.Parse(from).Id;
        if (item is { } last)
        {
            if ((await store.PlacesOfAsync(last, ct)).Find(place => place.BranchId == parent!.Id) is not { } place)
            {
                return (null, ApiError.Invalid("fork_from_item_id", "The parent branch has no item of that id."));
            }

            upTo = place.Position;
        }

        var now = clock.GetUtcNow();
        var branch = new Branch
        {
            Id = Id<Branch>.New(clock),
            ConversationId = id,
            Name = input.Name!,
            Description = input.Description,
            ParentBranch = parentName,
            ForkedAt = parent is null ? null : now,
            ForkedFromItemId = item,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await store.ForkAsync(branch, parent?.Id, upTo, [], ct);
        branch = await store.GetAsync(branch.Id, ct);
        await transaction.CommitAsync(ct);
        return (branch, null);
    }

    public async Task<ApiError?> ActivateAsync(Caller caller, Id<Conversation> id, string name, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await store.LockAsync(caller, id, ct) is null)
        {
            return ApiError.NotFound("conversation");
        }

        if ((await store.ListAsync(id, ct)).Find(branch => branch.Name == name) is not { } branch)
        {
            return ApiError.NotFound("branch");
        }

        await store.ActivateAsync(id, name, clock.GetUtcNow(), ct);
        await store.KeepAsync(branch.Id, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Removes a branch with the items that no other has. One that is not there is removed already.</summary>
    public async Task<ApiError?> RemoveAsync(Caller caller, Id<Conversation> id, string name, CancellationToken ct)
    {
        if (name == Branch.Main)
        {
            return ApiError.Invalid("branch", "MAIN cannot be deleted.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await store.LockAsync(caller, id, ct) is not { } active)
        {
            return ApiError.NotFound("conversation");
        }

        if (name == active)
        {
            return ApiError.Invalid("branch", "The active branch cannot be deleted; activate another first.");
        }

        var branches = await store.ListAsync(id, ct);
        await store.RemoveAsync([.. branches.Where(branch => branch.Name == name).Select(branch => branch.Id)], ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    private static ApiError? Check(CreateBranch input) =>
        input.Name is null ? ApiError.Missing("name")
        : !Names().IsMatch(input.Name) ? ApiError.Invalid("name", "It must have 1 to 50 letters, digits, spaces, '.', '-' and '_'.")
        : Branch.Normalize(input.Name) == Branch.Main ? ApiError.Invalid("name", "There is always a branch MAIN.")
        : input.Description is { Length: > MaxDescription } || input.Description?.Contains('\0', StringComparison.Ordinal) == true
            ? ApiError.Invalid("description", $"It may have at most {MaxDescription} characters and no NUL.")
            : null;

    [GeneratedRegex(@"\A[\p{L}\p{N}][\p{L}\p{N} ._-]{0,49}\z")]
    private static partial Regex Names();
}
