using JanServer.Contracts.Ids;
using JanServer.Data.Paging;
using JanServer.Data.Statements;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace JanServer.LlmApi.Shares;

/// <summary>The queries over shares. Every one but the public look-up names the owner.</summary>
internal sealed class ShareStore(LlmContext db)
{
    public Task<IDbContextTransaction> BeginAsync(CancellationToken ct) => db.Database.BeginTransactionAsync(ct);

    /// <summary>
    /// The conversation to share, held until the transaction ends: it cannot be deleted meanwhile, and goes on otherwise.
    /// </summary>
    public async Task<SharedConversation?> HoldAsync(Caller caller, Id<Conversation> id, string? branch, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            SELECT c.title, c.metadata, (
                SELECT b.id FROM conversation_branches AS b WHERE b.conversation_id = c.id AND b.name = coalesce({branch}::text, c.active_branch))
            FROM conversations AS c
            WHERE c.id = {id} AND c.user_id = {caller.UserId} AND c.project_id = {caller.ProjectId}
            FOR KEY SHARE
            """,
            static reader => new SharedConversation(
                Text(reader, 0),
                reader.GetString(1),
                reader.IsDBNull(2) ? null : new Id<Branch>(reader.GetGuid(2))),
            ct);
    }

    /// <summary>The items of a branch in order, one at a time: a branch can be larger than memory should hold.</summary>
    public async Task<IAsyncEnumerable<SharedItem>> ItemsAsync(Id<Branch> branch, CancellationToken ct) => (await db.OpenAsync(ct)).StreamAsync(
        $"""
        SELECT i.type, i.role, i.status, i.content, i.call_id, i.name, i.arguments, i.output, i.extra, i.created_at
        FROM conversation_branch_items AS place
        JOIN conversation_items AS i ON i.id = place.item_id
        WHERE place.branch_id = {branch} AND (i.role IS NULL OR i.role IN ('user', 'assistant', 'tool'))
        ORDER BY place.position
        """,
        ReadItem,
        ct);

    /// <summary>One item of a branch and, if asked for, the user's message before it.</summary>
    public async Task<IAsyncEnumerable<SharedItem>> ItemAsync(
        Id<Branch> branch, Id<ConversationItem> item, bool withQuestion, CancellationToken ct) => (await db.OpenAsync(ct)).StreamAsync(
        $"""
        WITH target AS (
            SELECT position FROM conversation_branch_items WHERE branch_id = {branch} AND item_id = {item}
        ), question AS (
            SELECT place.position
            FROM conversation_branch_items AS place
            JOIN conversation_items AS i ON i.id = place.item_id
            WHERE {withQuestion} AND place.branch_id = {branch} AND place.position < (SELECT position FROM target)
                AND i.type = 'message' AND i.role = 'user'
            ORDER BY place.position DESC LIMIT 1
        )
        SELECT i.type, i.role, i.status, i.content, i.call_id, i.name, i.arguments, i.output, i.extra, i.created_at
        FROM conversation_branch_items AS place
        JOIN conversation_items AS i ON i.id = place.item_id
        WHERE place.branch_id = {branch}
            AND place.position IN (SELECT position FROM target UNION ALL SELECT position FROM question)
        ORDER BY place.position
        """,
        ReadItem,
        ct);

    /// <summary>Adds a share unless its conversation has as many as it may; false when it does.</summary>
    public async Task<bool> AddAsync(ConversationShare share, ReadOnlyMemory<byte> snapshot, int max, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await using var command = new NpgsqlCommand(Insert, connection);
        var parameters = command.Parameters;
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = share.Id.Value });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = share.Slug });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = share.ConversationId.Value });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = share.UserId.Value });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = share.OrganizationId.Value });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = share.ProjectId.Value });
        parameters.Add(new NpgsqlParameter { Value = share.ItemId?.Value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        parameters.Add(new NpgsqlParameter { Value = share.Title ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = snapshot, NpgsqlDbType = NpgsqlDbType.Json });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = share.SnapshotVersion });
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = share.IncludeImages });
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = share.IncludeContext });
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = share.IncludeReasoning });
        parameters.Add(new NpgsqlParameter { Value = share.ExpiresAt?.UtcDateTime ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = share.CreatedAt.UtcDateTime });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = max });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    private const string Insert =
        """
        INSERT INTO conversation_shares (
            id, slug, conversation_id, user_id, organization_id, project_id, item_id, title, snapshot, snapshot_version, include_images,
            include_context, include_reasoning, expires_at, created_at, updated_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15
        WHERE $16 > (SELECT count(*) FROM conversation_shares WHERE conversation_id = $3 AND revoked_at IS NULL)
        """;

    /// <summary>A page and one more of the caller's shares, the newest first.</summary>
    /// <param name="caller">The owner.</param>
    /// <param name="conversation">Only those of one conversation.</param>
    /// <param name="aliveAt">Only those that can be read at this time.</param>
    /// <param name="page">The page.</param>
    /// <param name="ct">Cancels the query.</param>
    public Task<List<ConversationShare>> ListAsync(
        Caller caller, Id<Conversation>? conversation, DateTimeOffset? aliveAt, PageQuery page, CancellationToken ct)
    {
        var rows = Of(caller);
        if (conversation is { } id)
        {
            rows = rows.Where(share => share.ConversationId == id);
        }

        if (aliveAt is { } now)
        {
            rows = rows.Where(share => share.RevokedAt == null && (share.ExpiresAt == null || share.ExpiresAt > now));
        }

        return rows.PageBy(page, share => share.Id).ToListAsync(ct);
    }

    public Task<bool> HasConversationAsync(Caller caller, Id<Conversation> id, CancellationToken ct) =>
        db.Conversations.AnyAsync(row => row.Id == id && row.UserId == caller.UserId && row.ProjectId == caller.ProjectId, ct);

    /// <summary>Revokes a share and forgets its snapshot; the time of the first revocation stays.</summary>
    /// <returns>How many shares the owner has of that id.</returns>
    public async Task<int> RevokeAsync(
        Caller caller, Id<Conversation>? conversation, Id<ConversationShare> id, DateTimeOffset now, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            UPDATE conversation_shares
            SET revoked_at = coalesce(revoked_at, {now.UtcDateTime}), snapshot = 'null',
                updated_at = CASE WHEN revoked_at IS NULL THEN {now.UtcDateTime} ELSE updated_at END
            WHERE id = {id} AND user_id = {caller.UserId} AND project_id = {caller.ProjectId}
                AND conversation_id = coalesce({conversation?.Value}::uuid, conversation_id)
            """,
            ct);
    }

    /// <summary>What the public sees at an address.</summary>
    /// <param name="slug">The secret part of the address.</param>
    /// <param name="known">The snapshots that the reader has already, which are not read again; all when null.</param>
    /// <param name="ct">Cancels the query.</param>
    public async Task<PublicShare?> FindPublicAsync(string slug, Guid[]? known, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            SELECT id, slug, title, created_at, expires_at, revoked_at,
                CASE WHEN {known is not null} AND id <> ALL ({known ?? []}) AND revoked_at IS NULL THEN snapshot END
            FROM conversation_shares WHERE slug = {slug}
            """,
            static reader => new PublicShare(
                new(reader.GetGuid(0)),
                reader.GetString(1),
                Text(reader, 2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6)),
            ct);
    }

    private IQueryable<ConversationShare> Of(Caller caller) =>
        db.ConversationShares.Where(share => share.UserId == caller.UserId && share.ProjectId == caller.ProjectId);

    private static SharedItem ReadItem(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        Text(reader, 1),
        Text(reader, 2),
        Text(reader, 3),
        Text(reader, 4),
        Text(reader, 5),
        Text(reader, 6),
        Text(reader, 7),
        Text(reader, 8),
        reader.GetFieldValue<DateTimeOffset>(9));

    private static string? Text(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
