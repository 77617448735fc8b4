using System.Text.Json;
using JanServer.Data.Statements;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using Npgsql;

namespace JanServer.ResponseApi.Contexts;

/// <summary>Puts input and output of an ended response on their way to its conversation, within the transaction of the end.</summary>
internal sealed class ConversationOutbox(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>
    /// Does nothing for a response without a conversation, and for one that failed or was cancelled before it said anything: its input would
    /// stand there twice when the client tries again.
    /// </summary>
    public async Task AddAsync(NpgsqlConnection connection, Response response, CancellationToken ct)
    {
        var isUnanswered = response.Progress is { Status: ResponseStatus.Cancelled, Output.Count: 0 } or { Status: ResponseStatus.Failed };
        if (response.ConversationId is not { } conversation || isUnanswered)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var items = StoredItem.Write([.. response.Input.Select(item => item.Item), .. response.Progress.Output]);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO conversation_appends (response_id, caller, conversation_id, items, next_attempt_at, created_at)
            VALUES ({response.Id}, {StoredCaller.Write(response.Caller)}::json, {conversation}, {items}::json, clock_timestamp(), {now})
            ON CONFLICT DO NOTHING
            """,
            ct);
    }

    /// <summary>Items that are on their way to a conversation, oldest first. That the caller may see them is for who asks to know.</summary>
    public async Task<List<JsonElement>> PendingAsync(string conversation, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var pending = await connection.ListAsync(
            $"SELECT items FROM conversation_appends WHERE conversation_id = {conversation} ORDER BY created_at, response_id",
            row => StoredItem.ReadPlain(row.GetString(0)),
            ct);
        return [.. pending.SelectMany(items => items)];
    }
}
