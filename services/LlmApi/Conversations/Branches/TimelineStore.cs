using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Auth;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JanServer.LlmApi.Conversations.Branches;

/// <summary>
/// The statements that change the branches of a conversation. They run in a transaction that holds the conversation by
/// <see cref="LockAsync"/>, so that changes of one conversation come one after another.
/// </summary>
internal sealed class TimelineStore(LlmContext db)
{
    /// <summary>Holds the conversation until the transaction ends; null when the caller has none of that id.</summary>
    /// <returns>The name of its active branch.</returns>
    public async Task<string?> LockAsync(Caller caller, Id<Conversation> id, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            SELECT active_branch FROM conversations
            WHERE id = {id} AND user_id = {caller.UserId} AND project_id = {caller.ProjectId}
            FOR NO KEY UPDATE
            """,
            static reader => reader.GetString(0),
            ct);
    }

    /// <summary>All branches, the oldest first. Their number is bounded.</summary>
    public Task<List<Branch>> ListAsync(Id<Conversation> id, CancellationToken ct) =>
        db.ConversationBranches.Where(branch => branch.ConversationId == id).OrderBy(branch => branch.Id).ToListAsync(ct);

    public Task<Branch> GetAsync(Id<Branch> id, CancellationToken ct) => db.ConversationBranches.SingleAsync(branch => branch.Id == id, ct);

    public Task<ConversationItem?> FindItemAsync(Id<Conversation> id, Id<ConversationItem> item, CancellationToken ct) =>
        db.ConversationItems.SingleOrDefaultAsync(row => row.Id == item && row.ConversationId == id, ct);

    /// <summary>Which branches hold an item, and where.</summary>
    public Task<List<BranchItem>> PlacesOfAsync(Id<ConversationItem> item, CancellationToken ct) =>
        db.ConversationBranchItems.Where(row => row.ItemId == item).ToListAsync(ct);

    /// <summary>What the user said last before a position.</summary>
    public Task<BranchItem?> FindUserBeforeAsync(Id<Branch> branch, long position, CancellationToken ct) =>
        (from row in db.ConversationBranchItems
         join item in db.ConversationItems on row.ItemId equals item.Id
         where row.BranchId == branch && row.Position < position && item.Role == ItemVocabulary.User && item.Type == ItemVocabulary.Message
         orderby row.Position descending
         select row).FirstOrDefaultAsync(ct);

    /// <summary>The items after a position, and before the user speaks again, that have one of these call ids.</summary>
    public async Task<List<Id<ConversationItem>>> ResultsOfAsync(
        Id<Conversation> id, Id<Branch> branch, long position, string[] calls, CancellationToken ct)
    {
        // Some models count their calls from zero in every turn.
        var connection = await db.OpenAsync(ct);
        return await connection.ListAsync(
            $"""
            SELECT m.item_id
            FROM conversation_items AS i
            JOIN conversation_branch_items AS m ON m.item_id = i.id AND m.branch_id = {branch}
            WHERE i.conversation_id = {id} AND i.call_id = ANY ({calls}) AND m.position > {position}
                AND NOT EXISTS (
                    SELECT FROM conversation_branch_items AS between_items
                    JOIN conversation_items AS said ON said.id = between_items.item_id
                    WHERE between_items.branch_id = {branch} AND between_items.position > {position}
                        AND between_items.position < m.position AND said.role = 'user' AND said.type = 'message')
            ORDER BY m.position
            """,
            static reader => new Id<ConversationItem>(reader.GetGuid(0)),
            ct);
    }

    /// <summary>Gives a branch another name and marks it as a backup.</summary>
    public Task<int> PutAsideAsync(Id<Branch> branch, string name, DateTimeOffset now, CancellationToken ct) =>
        db.ConversationBranches.Where(row => row.Id == branch).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Name, name).SetProperty(row => row.BackedUpAt, now).SetProperty(row => row.UpdatedAt, now), ct);

    /// <summary>Adds a branch that holds the items of another up to a position, but for some. The items themselves are not copied.</summary>
    public async Task ForkAsync(Branch branch, Id<Branch>? source, long upTo, IEnumerable<Id<ConversationItem>> except, CancellationToken ct)
    {
        db.Add(branch);
        await db.SaveChangesAsync(ct);
        if (source is not { } from)
        {
            return;
        }

        var connection = await db.OpenAsync(ct);
        var without = except.Select(item => item.Value).ToArray();
        await connection.ExecuteAsync(
            $"""
            WITH copied AS (
                INSERT INTO conversation_branch_items (branch_id, position, item_id)
                SELECT {branch.Id}, row_number() OVER (ORDER BY position), item_id
                FROM conversation_branch_items
                WHERE branch_id = {from} AND position <= {upTo} AND item_id <> ALL ({without})
                RETURNING position
            )
            UPDATE conversation_branches
            SET item_count = counted.items, next_position = counted.items + 1
            FROM (SELECT count(*)::integer AS items FROM copied) AS counted
            WHERE id = {branch.Id}
            """,
            ct);
    }

    /// <summary>Makes a branch the active one.</summary>
    public Task<int> ActivateAsync(Id<Conversation> id, string name, DateTimeOffset now, CancellationToken ct) =>
        db.Conversations.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.ActiveBranch, name)
                .SetProperty(row => row.UpdatedAt, row => row.UpdatedAt > now ? row.UpdatedAt : now),
            ct);

    /// <summary>A backup that somebody uses is none any more.</summary>
    public Task<int> KeepAsync(Id<Branch> branch, CancellationToken ct) =>
        db.ConversationBranches.Where(row => row.Id == branch)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.BackedUpAt, (DateTimeOffset?)null), ct);

    /// <summary>Removes branches, and the items that no other branch holds.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<Id<Branch>> branches, CancellationToken ct)
    {
        if (branches.Count == 0)
        {
            return;
        }

        var ids = branches.Select(branch => branch.Value).ToArray();
        var connection = await db.OpenAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            $"""
            DELETE FROM conversation_items AS i
            USING conversation_branch_items AS m
            WHERE m.branch_id = ANY ({ids}) AND m.item_id = i.id
                AND NOT EXISTS (
                    SELECT FROM conversation_branch_items AS other WHERE other.item_id = i.id AND other.branch_id <> ALL ({ids}))
            """);
        batch.Add($"DELETE FROM conversation_branches WHERE id = ANY ({ids})");
        await batch.ExecuteNonQueryAsync(ct);
    }
}
