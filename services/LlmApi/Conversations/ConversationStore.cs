using JanServer.Contracts.Ids;
using JanServer.Data.Paging;
using JanServer.Data.Statements;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Projects;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JanServer.LlmApi.Conversations;

/// <summary>Which conversations a list holds.</summary>
internal sealed record ConversationFilter(string? Referrer, Id<ConversationProject>? Folder, string? Search);

/// <summary>The queries over conversations. Every one names the owner.</summary>
internal sealed class ConversationStore(LlmContext db)
{
    // So many are deleted in one transaction, each with all it holds.
    private const int DeletedAtOnce = 100;

    /// <summary>The caller's conversations.</summary>
    public static IQueryable<Conversation> Owned(LlmContext db, Caller caller) =>
        db.Conversations.Where(conversation => conversation.UserId == caller.UserId && conversation.ProjectId == caller.ProjectId);

    public Task<Conversation?> FindAsync(Caller caller, Id<Conversation> id, CancellationToken ct) =>
        Owned(db, caller).SingleOrDefaultAsync(conversation => conversation.Id == id, ct);

    /// <summary>A page and one more, the last changed first; null when the cursor is no place in the list.</summary>
    public Task<List<Conversation>?> ListAsync(Caller caller, ConversationFilter filter, PageQuery page, CancellationToken ct)
    {
        var rows = Owned(db, caller);
        if (filter.Referrer is { } referrer)
        {
            rows = rows.Where(row => row.Referrer == referrer);
        }

        if (filter.Folder is { } folder)
        {
            rows = rows.Where(row => row.FolderId == folder);
        }

        if (filter.Search is { } search)
        {
            rows = rows.Where(row => row.Title != null && EF.Functions.ILike(row.Title, search, @"\"));
        }

        return rows.PageByAsync(page, row => row.UpdatedAt, row => row.Id, ct);
    }

    /// <summary>Adds a conversation with its first branch and items.</summary>
    /// <returns>Whether all items are new; if not, nothing is added.</returns>
    public async Task<bool> AddAsync(Conversation conversation, Branch main, IReadOnlyList<ConversationItem> items, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var connection = await db.OpenAsync(ct);
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add(
                $"""
                INSERT INTO conversations (
                    id, user_id, organization_id, project_id, folder_id, title, title_locked, title_generated, metadata, referrer,
                    active_branch, created_at, updated_at)
                VALUES (
                    {conversation.Id}, {conversation.UserId}, {conversation.OrganizationId}, {conversation.ProjectId}, {conversation.FolderId},
                    {conversation.Title}, {conversation.TitleLocked}, {conversation.TitleGenerated}, {conversation.Metadata}::jsonb,
                    {conversation.Referrer}, {conversation.ActiveBranch}, {conversation.CreatedAt}, {conversation.UpdatedAt})
                """);
            batch.Add(
                $"""
                INSERT INTO conversation_branches (id, conversation_id, name, created_at, updated_at)
                VALUES ({main.Id}, {main.ConversationId}, {main.Name}, {main.CreatedAt}, {main.UpdatedAt})
                """);
            await batch.ExecuteNonQueryAsync(ct);
        }

        if (items.Count > 0)
        {
            var places = await ItemAppend.AppendAsync(connection, [new(conversation.Id, items)], conversation.UpdatedAt, ct);
            if (places.Count < items.Count)
            {
                return false;
            }
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Changes what the client gave.</summary>
    /// <returns>How many conversations the owner has of that id.</returns>
    public Task<int> UpdateAsync(Caller caller, Id<Conversation> id, ConversationChange change, CancellationToken ct) =>
        Owned(db, caller).Where(conversation => conversation.Id == id).ExecuteUpdateAsync(
            set =>
            {
                set.SetProperty(row => row.UpdatedAt, row => row.UpdatedAt > change.At ? row.UpdatedAt : change.At);
                if (change.SetsTitle)
                {
                    set.SetProperty(row => row.Title, change.Title);
                    set.SetProperty(row => row.TitleLocked, change.Title != null);
                    set.SetProperty(row => row.TitleGenerated, false);
                }

                if (change.Metadata is { } metadata)
                {
                    set.SetProperty(row => row.Metadata, metadata);
                }

                if (change.SetsReferrer)
                {
                    set.SetProperty(row => row.Referrer, change.Referrer);
                }

                if (change.SetsFolder)
                {
                    set.SetProperty(row => row.FolderId, change.Folder);
                }
            },
            ct);

    public Task<int> RemoveAsync(Caller caller, Id<Conversation> id, CancellationToken ct) =>
        Owned(db, caller).Where(conversation => conversation.Id == id).ExecuteDeleteAsync(ct);

    /// <summary>Deletes what the caller has had until now, a bounded number in each transaction.</summary>
    public async Task<int> RemoveAllAsync(Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var (user, project, all) = (caller.UserId, caller.ProjectId, 0);
        int removed;
        do
        {
            removed = await connection.ExecuteAsync(
                $"""
                DELETE FROM conversations WHERE id IN (
                    SELECT id FROM conversations
                    WHERE user_id = {user} AND project_id = {project} AND created_at <= {now.UtcDateTime}
                    ORDER BY id LIMIT {DeletedAtOnce} FOR UPDATE)
                """,
                ct);
            all += removed;
        }
        while (removed > 0);
        return all;
    }

    /// <summary>Whether the caller has the folder.</summary>
    public async Task<bool> HasFolderAsync(Caller caller, Id<ConversationProject> id, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"SELECT 1 FROM conversation_projects WHERE id = {id} AND user_id = {caller.UserId} AND project_id = {caller.ProjectId}",
            static (NpgsqlDataReader _) => true,
            ct);
    }
}
