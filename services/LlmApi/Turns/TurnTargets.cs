using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Titles;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Npgsql;

namespace JanServer.LlmApi.Turns;

/// <summary>
/// Finds the conversation of a turn, or begins one. Naming a conversation only says where the turn is stored: the client sends the history.
/// </summary>
internal sealed class TurnTargets(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MaxReferrer = 64;
    private const int MaxNew = 256;

    /// <summary>The conversation of a request; null when it has none, or why it cannot be used.</summary>
    /// <param name="referrer">The query parameter, which begins a conversation of its own when no other is named.</param>
    public async ValueTask<(TurnTarget? Target, ApiError? Error)> OpenAsync(
        CompletionRequest request, ReadOnlyMemory<byte> body, string? referrer, Caller caller, CancellationToken ct)
    {
        var named = request.Conversation?.Id;
        if (request.Conversation is null && string.IsNullOrEmpty(referrer))
        {
            return (null, null);
        }

        if (!caller.Has(Scopes.Conversations))
        {
            return (null, ApiError.Forbidden($"Conversations take a key with the scope '{Scopes.Conversations}'."));
        }

        if (referrer is not null && (referrer.Length > MaxReferrer || referrer.Contains('\0', StringComparison.Ordinal)))
        {
            return (null, ApiError.Invalid("referrer", $"It must be at most {MaxReferrer} characters long and hold no NUL."));
        }

        using var document = JsonDocument.Parse(body);
        var messages = document.RootElement.GetProperty("messages");
        var stores = request.Store != false;
        if (named is null)
        {
            var id = Id<Conversation>.New(clock);
            return (new()
            {
                Id = id,
                BranchId = Id<Branch>.New(clock),
                Referrer = referrer,
                Said = UserTexts.Of(messages),
                Stores = stores,
                Asked = stores ? AskedItems.Of(messages, [], id, clock) : [],
                Exists = false,
            }, null);
        }

        return await FindAsync(Id<Conversation>.Parse(named), messages, stores, caller, ct) is { } target
            ? (target, null)
            : (null, new(
                StatusCodes.Status404NotFound,
                ErrorCodes.NotFound,
                "No conversation was found with that id. Send an empty one to begin a new conversation.",
                "conversation"));
    }

    /// <summary>Makes the row of a conversation that begins with this turn.</summary>
    public async Task CreateAsync(TurnTarget target, Caller caller)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"""
            INSERT INTO conversations (id, user_id, organization_id, project_id, referrer, created_at, updated_at)
            VALUES ({target.Id}, {caller.UserId}, {caller.OrganizationId}, {caller.ProjectId}, {target.Referrer}, {now}, {now})
            """);
        batch.Add($"""
            INSERT INTO conversation_branches (id, conversation_id, name, created_at, updated_at)
            VALUES ({target.BranchId}, {target.Id}, {Branch.Main}, {now}, {now})
            """);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        target.Exists = true;
    }

    private async Task<TurnTarget?> FindAsync(Id<Conversation> id, JsonElement messages, bool stores, Caller caller, CancellationToken ct)
    {
        var count = stores ? Math.Clamp(AskedItems.CountOf(messages), 1, MaxNew) : 0;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"""
            SELECT c.title, b.id, c.metadata::text, f.instruction
            FROM conversations AS c
            JOIN conversation_branches AS b ON b.conversation_id = c.id AND b.name = c.active_branch
            LEFT JOIN conversation_projects AS f ON f.id = c.folder_id
            WHERE c.id = {id} AND c.user_id = {caller.UserId} AND c.project_id = {caller.ProjectId}
            """);

        // The branch is found first, so that the end of a long one is read from its index and not sorted out of all its items.
        batch.Add($"""
            SELECT i.role, i.content::text, i.call_id
            FROM (
                SELECT m.item_id, m.position
                FROM conversation_branch_items AS m
                WHERE m.branch_id = (
                    SELECT b.id
                    FROM conversations AS c
                    JOIN conversation_branches AS b ON b.conversation_id = c.id AND b.name = c.active_branch
                    WHERE c.id = {id} AND c.user_id = {caller.UserId} AND c.project_id = {caller.ProjectId})
                ORDER BY m.position DESC
                LIMIT {count}) AS tail
            JOIN conversation_items AS i ON i.id = tail.item_id
            ORDER BY tail.position DESC
            """);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return null;
        }

        var (title, branch, metadata, instruction) = (Text(reader, 0), reader.GetGuid(1), reader.GetString(2), Text(reader, 3));
        await reader.NextResultAsync(ct);
        var tail = new List<StoredMessage>();
        while (await reader.ReadAsync(ct))
        {
            tail.Add(StoredMessage.Of(Text(reader, 0), Text(reader, 1), Text(reader, 2)));
        }

        tail.Reverse();
        return new()
        {
            Id = id,
            Title = title,
            BranchId = new(branch),
            Metadata = metadata,
            Instruction = instruction,
            Said = UserTexts.Of(messages),
            Stores = stores,
            Asked = stores ? AskedItems.Of(messages, tail, id, clock) : [],
        };
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
