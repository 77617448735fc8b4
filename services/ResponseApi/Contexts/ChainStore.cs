using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;
using Npgsql;

namespace JanServer.ResponseApi.Contexts;

/// <summary>A response and what it adds to the context of those after it.</summary>
/// <param name="Previous">The one before it, whether or not that is still there.</param>
internal sealed record ChainLink(Guid Id, Guid? Previous, string? Conversation, string Status, List<ContextItem> Items);

/// <summary>Reads responses with all those before them, by one query over the chain.</summary>
internal sealed class ChainStore(NpgsqlDataSource database)
{
    /// <summary>How many responses a chain may have.</summary>
    public const int MaxLength = 1000;

    /// <summary>The chain that ends with a response of the owner, oldest first; empty when there is none of that id.</summary>
    public async Task<List<ChainLink>> ListAsync(Caller owner, Id<Response> last, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var links = await connection.ListAsync(
            $"""
            WITH RECURSIVE chain AS (
                SELECT id, previous_response_id, 1 AS depth FROM responses
                WHERE id = {last} AND user_id = {owner.UserId} AND project_id = {owner.ProjectId}
                UNION ALL
                SELECT parent.id, parent.previous_response_id, chain.depth + 1
                FROM chain JOIN responses AS parent ON parent.id = chain.previous_response_id
                WHERE parent.user_id = {owner.UserId} AND parent.project_id = {owner.ProjectId} AND chain.depth <= {MaxLength}
            )
            SELECT r.id, r.previous_response_id, r.conversation_id, r.status, r.input, r.output
            FROM chain JOIN responses AS r ON r.id = chain.id
            ORDER BY chain.depth DESC
            """,
            row => new ChainLink(
                row.GetGuid(0),
                row.IsDBNull(1) ? null : row.GetGuid(1),
                row.IsDBNull(2) ? null : row.GetString(2),
                row.GetString(3),
                [.. StoredItem.Read(row.GetString(4)), .. StoredItem.ReadPlain(row.GetString(5)).Select(item => new ContextItem(item))]),
            ct);
        await AddExecutionsAsync(connection, owner, [.. links.SelectMany(link => link.Items).Select(IdOf)], links.ConvertAll(link => link.Items), ct);
        return links;
    }

    /// <summary>Items that stored responses of the owner have, by id; those that none has are left out.</summary>
    public async Task<Dictionary<string, ContextItem>> FindItemsAsync(Caller owner, string[] ids, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var found = new Dictionary<string, ContextItem>(StringComparer.Ordinal);
        var pages = await connection.ListAsync(
            $"""
            SELECT input, output FROM responses
            WHERE user_id = {owner.UserId} AND project_id = {owner.ProjectId}
                AND id IN (SELECT DISTINCT ON (item_id) response_id FROM response_items WHERE item_id = ANY ({ids}) ORDER BY item_id, response_id DESC)
            """,
            row => StoredItem.Read(row.GetString(0)).Concat(StoredItem.ReadPlain(row.GetString(1)).Select(item => new ContextItem(item))).ToList(),
            ct);
        var items = pages.SelectMany(page => page).Where(item => ids.Contains(IdOf(item), StringComparer.Ordinal)).ToList();
        await AddExecutionsAsync(connection, owner, ids, [items], ct);
        items.ForEach(item => found[IdOf(item)] = item);
        return found;
    }

    /// <summary>Gives items of tools that ran here what the model was told about them.</summary>
    public async Task AddExecutionsAsync(Caller owner, List<ContextItem> items, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await AddExecutionsAsync(connection, owner, [.. items.Select(IdOf)], [items], ct);
    }

    private static async Task AddExecutionsAsync(
        NpgsqlConnection connection, Caller owner, string[] ids, IReadOnlyList<List<ContextItem>> lists, CancellationToken ct)
    {
        if (ids.Length == 0)
        {
            return;
        }

        var executions = await connection.ListAsync(
            $"""
            SELECT e.response_id, call_id, item_id, tool_name, arguments, execution_order, e.status, model_text, result, error, e.started_at,
                e.completed_at, model_call, outputs_before
            FROM tool_executions AS e JOIN responses AS r ON r.id = e.response_id
            WHERE item_id = ANY ({ids}) AND r.user_id = {owner.UserId} AND r.project_id = {owner.ProjectId}
            """,
            ResponseQueries.ReadExecution,
            ct);
        var byItem = new Dictionary<string, ToolExecution>(StringComparer.Ordinal);
        executions.ForEach(execution => byItem[execution.ItemId] = execution);
        foreach (var list in lists)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i].Execution is null && byItem.TryGetValue(IdOf(list[i]), out var execution))
                {
                    list[i] = list[i] with { Execution = execution };
                }
            }
        }
    }

    private static string IdOf(ContextItem item) => item.Item.Text("id") ?? "";
}
