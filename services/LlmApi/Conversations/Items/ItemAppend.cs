using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Branches;
using Npgsql;
using NpgsqlTypes;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>Items for the end of one branch of a conversation, in order.</summary>
/// <param name="BranchId">The branch, whatever it is called by then; null for the one that is active.</param>
internal sealed record NewItems(Id<Conversation> ConversationId, IReadOnlyList<ConversationItem> Items, Id<Branch>? BranchId = null);

/// <summary>Where an item went.</summary>
internal readonly record struct ItemPlace(Id<ConversationItem> ItemId, string Branch, long Position);

/// <summary>
/// Appends items to branches of any number of conversations: one round trip, on the caller's connection and in its transaction.
/// </summary>
/// <remarks>
/// Whoever changes a conversation's branches locks its row first, and several in the order of their ids: so positions are unique, an
/// append waits for an edit and then goes to the branch that is active by then, and writers cannot deadlock.
/// </remarks>
internal static class ItemAppend
{
    /// <summary>
    /// Appends the items. What is there already stays as it is, so the same call can be made again; a conversation or branch that is gone
    /// takes nothing.
    /// </summary>
    /// <returns>The items that are new, and where they are.</returns>
    public static async Task<List<ItemPlace>> AppendAsync(
        NpgsqlConnection connection, IReadOnlyList<NewItems> appends, DateTimeOffset now, CancellationToken ct)
    {
        var rows = appends.SelectMany(append => append.Items.Select(item => new Row(append, item))).ToArray();
        if (rows.Length == 0)
        {
            return [];
        }

        await using var batch = new NpgsqlBatch(connection);
        var touch = new NpgsqlBatchCommand(Touch);
        touch.Parameters.Add(new() { Value = appends.Select(append => append.ConversationId.Value).Distinct().ToArray() });
        touch.Parameters.Add(new() { Value = now.UtcDateTime });
        batch.BatchCommands.Add(touch);
        batch.BatchCommands.Add(InsertOf(rows, now));

        // An UPDATE without RETURNING has no result set, so the first one is the second statement's.
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var places = new List<ItemPlace>(rows.Length);
        while (await reader.ReadAsync(ct))
        {
            places.Add(new(new(reader.GetGuid(0)), reader.GetString(1), reader.GetInt64(2)));
        }

        return places;
    }

    private const string Touch =
        """
        UPDATE conversations AS c
        SET updated_at = greatest(c.updated_at, $2)
        FROM (SELECT id FROM conversations WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE) AS locked
        WHERE c.id = locked.id
        """;

    private const string Insert =
        """
        WITH input AS (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) AS i (
                ordinal, conversation_id, branch, id, type, role, status, content, call_id, name, server_label, arguments, output, error,
                incomplete_at, incomplete_details, completed_at, extra, created_at)
        ), target AS (
            SELECT i.*, b.id AS branch_id, b.name AS branch_name, b.next_position
            FROM input AS i
            JOIN conversations AS c ON c.id = i.conversation_id
            JOIN conversation_branches AS b ON b.conversation_id = c.id
                AND CASE WHEN i.branch IS NULL THEN b.name = c.active_branch ELSE b.id = i.branch END
        ), inserted AS (
            INSERT INTO conversation_items (
                id, conversation_id, type, role, status, content, call_id, name, server_label, arguments, output, error,
                incomplete_at, incomplete_details, completed_at, extra, created_at)
            SELECT id, conversation_id, type, role, status, content::json, call_id, name, server_label, arguments, output, error,
                incomplete_at, incomplete_details::json, completed_at, extra::json, created_at
            FROM target
            ON CONFLICT (id) DO NOTHING
            RETURNING id
        ), placed AS (
            SELECT t.id, t.branch_id, t.branch_name, t.ordinal,
                t.next_position - 1 + row_number() OVER (PARTITION BY t.branch_id ORDER BY t.ordinal) AS position
            FROM target AS t
            JOIN inserted USING (id)
        ), members AS (
            INSERT INTO conversation_branch_items (branch_id, position, item_id) SELECT branch_id, position, id FROM placed
        ), raised AS (
            UPDATE conversation_branches AS b
            SET item_count = b.item_count + added.count, next_position = b.next_position + added.count, updated_at = $20
            FROM (SELECT branch_id, count(*)::integer AS count FROM placed GROUP BY branch_id) AS added
            WHERE b.id = added.branch_id
        )
        SELECT id, branch_name, position FROM placed ORDER BY ordinal
        """;

    private static NpgsqlBatchCommand InsertOf(Row[] rows, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand(Insert);
        Add(command, NpgsqlDbType.Integer, Enumerable.Range(0, rows.Length).ToArray());
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Append.ConversationId.Value);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Append.BranchId?.Value);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Item.Id.Value);
        AddText(command, rows, row => row.Item.Type);
        AddText(command, rows, row => row.Item.Role);
        AddText(command, rows, row => row.Item.Status);
        AddText(command, rows, row => row.Item.Content);
        AddText(command, rows, row => row.Item.CallId);
        AddText(command, rows, row => row.Item.Name);
        AddText(command, rows, row => row.Item.ServerLabel);
        AddText(command, rows, row => row.Item.Arguments);
        AddText(command, rows, row => row.Item.Output);
        AddText(command, rows, row => row.Item.Error);
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.Item.IncompleteAt?.UtcDateTime);
        AddText(command, rows, row => row.Item.IncompleteDetails);
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.Item.CompletedAt?.UtcDateTime);
        AddText(command, rows, row => row.Item.Extra);
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.Item.CreatedAt.UtcDateTime);
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        return command;
    }

    private static void AddText(NpgsqlBatchCommand command, Row[] rows, Func<Row, string?> value) =>
        Add(command, NpgsqlDbType.Text, rows, row => StorableText.Of(value(row)));

    private static void Add<T>(NpgsqlBatchCommand command, NpgsqlDbType type, Row[] rows, Func<Row, T> value) =>
        Add(command, type, Array.ConvertAll(rows, row => value(row)));

    private static void Add<T>(NpgsqlBatchCommand command, NpgsqlDbType type, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });

    private readonly record struct Row(NewItems Append, ConversationItem Item);
}
