using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.ServiceDefaults.Auth;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>Which branch of a conversation is read; the id is none when there is no branch of the name.</summary>
internal sealed record Reading(Id<Branch>? BranchId, string Branch);

/// <summary>The queries over items. Every one begins at the owner's conversation, or at a branch found by it.</summary>
internal sealed class ItemStore(LlmContext db)
{
    /// <summary>The branch of that name, or the active one; null when the caller has no such conversation.</summary>
    public Task<Reading?> FindBranchAsync(Caller caller, Id<Conversation> id, string? branch, CancellationToken ct) =>
        ConversationStore.Owned(db, caller)
            .Where(conversation => conversation.Id == id)
            .Select(conversation => new Reading(
                db.ConversationBranches
                    .Where(row => row.ConversationId == conversation.Id && row.Name == (branch ?? conversation.ActiveBranch))
                    .Select(row => (Id<Branch>?)row.Id)
                    .FirstOrDefault(),
                branch ?? conversation.ActiveBranch))
            .SingleOrDefaultAsync(ct);

    /// <summary>Where a branch holds an item; null when it does not.</summary>
    public Task<long?> FindPositionAsync(Id<Branch> branch, Id<ConversationItem> item, CancellationToken ct) =>
        db.ConversationBranchItems
            .Where(row => row.BranchId == branch && row.ItemId == item)
            .Select(row => (long?)row.Position)
            .SingleOrDefaultAsync(ct);

    /// <summary>Items of a branch beyond a position, along its index: the length of the branch does not matter.</summary>
    public static IQueryable<PlacedItem> PageOf(LlmContext db, Id<Branch> branch, string name, long? after, bool ascending, int count)
    {
        var places = db.ConversationBranchItems.Where(row => row.BranchId == branch);
        if (after is { } position)
        {
            places = ascending ? places.Where(row => row.Position > position) : places.Where(row => row.Position < position);
        }

        // Bounded before it is joined, so that no plan can do more than one page's work.
        places = (ascending ? places.OrderBy(row => row.Position) : places.OrderByDescending(row => row.Position)).Take(count);
        var items = places.Join(
            db.ConversationItems, row => row.ItemId, item => item.Id, (row, item) => new { row.Position, Item = item });
        return (ascending ? items.OrderBy(row => row.Position) : items.OrderByDescending(row => row.Position))
            .Select(row => new PlacedItem(row.Item, name, row.Position));
    }

    public Task<List<PlacedItem>> ListAsync(Reading reading, long? after, bool ascending, int count, CancellationToken ct) =>
        PageOf(db, reading.BranchId!.Value, reading.Branch, after, ascending, count).ToListAsync(ct);

    /// <summary>An item as the active branch holds it, or else the newest branch that does.</summary>
    public Task<PlacedItem?> FindAsync(Caller caller, Id<Conversation> id, Id<ConversationItem> itemId, CancellationToken ct) =>
        Places(caller, id).Where(row => row.Item.Id == itemId)
            .OrderByDescending(row => row.IsActive).ThenByDescending(row => row.BranchId)
            .Select(row => new PlacedItem(row.Item, row.Branch, row.Position))
            .FirstOrDefaultAsync(ct);

    /// <summary>The call of an MCP tool on the active branch; one that an edit left behind only when that has none.</summary>
    public Task<PlacedItem?> FindCallAsync(Caller caller, Id<Conversation> id, string callId, CancellationToken ct) =>
        Places(caller, id).Where(row => row.Item.CallId == callId && row.Item.Type == ItemVocabulary.McpCall)
            .OrderByDescending(row => row.IsActive).ThenByDescending(row => row.BranchId).ThenByDescending(row => row.Position)
            .Select(row => new PlacedItem(row.Item, row.Branch, row.Position))
            .FirstOrDefaultAsync(ct);

    /// <summary>Appends items to the active branch; null when the caller has no such conversation.</summary>
    /// <returns>Where the new items are. When not all are new, nothing is added.</returns>
    public async Task<List<ItemPlace>?> AddAsync(
        Caller caller, Id<Conversation> id, IReadOnlyList<ConversationItem> items, DateTimeOffset now, CancellationToken ct)
    {
        if (!await ConversationStore.Owned(db, caller).AnyAsync(conversation => conversation.Id == id, ct))
        {
            return null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var connection = await db.OpenAsync(ct);
        var places = await ItemAppend.AppendAsync(connection, [new(id, items)], now, ct);
        if (places.Count == items.Count)
        {
            await transaction.CommitAsync(ct);
        }

        return places;
    }

    /// <summary>Writes what became of a call.</summary>
    public Task<int> UpdateCallAsync(ConversationItem item, CancellationToken ct) =>
        db.ConversationItems.Where(row => row.Id == item.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, item.Status)
                .SetProperty(row => row.Output, item.Output)
                .SetProperty(row => row.Error, item.Error)
                .SetProperty(row => row.Name, item.Name)
                .SetProperty(row => row.Arguments, item.Arguments)
                .SetProperty(row => row.ServerLabel, item.ServerLabel)
                .SetProperty(row => row.Content, item.Content)
                .SetProperty(row => row.CompletedAt, item.CompletedAt),
            ct);

    public Task<int> RateAsync(Id<ConversationItem> item, string? rating, DateTimeOffset? at, string? comment, CancellationToken ct) =>
        db.ConversationItems.Where(row => row.Id == item).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Rating, rating)
                .SetProperty(row => row.RatedAt, at)
                .SetProperty(row => row.RatingComment, comment),
            ct);

    private IQueryable<Place> Places(Caller caller, Id<Conversation> id) =>
        from conversation in ConversationStore.Owned(db, caller)
        where conversation.Id == id
        join item in db.ConversationItems on conversation.Id equals item.ConversationId
        join row in db.ConversationBranchItems on item.Id equals row.ItemId
        join branch in db.ConversationBranches on row.BranchId equals branch.Id
        select new Place
        {
            Item = item,
            Branch = branch.Name,
            BranchId = branch.Id,
            Position = row.Position,
            IsActive = branch.Name == conversation.ActiveBranch,
        };

    private sealed class Place
    {
        public required ConversationItem Item { get; init; }

        public required string Branch { get; init; }

        public required Id<Branch> BranchId { get; init; }

        public required long Position { get; init; }

        public required bool IsActive { get; init; }
    }
}
