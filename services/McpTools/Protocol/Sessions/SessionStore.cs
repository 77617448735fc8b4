using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using Npgsql;

namespace JanServer.McpTools.Protocol.Sessions;

/// <summary>
/// The sessions of the revisions with a handshake: rows, so that any replica serves any of them and a session survives all of them. A
/// session is the user's in that project; to everyone else it does not exist.
/// </summary>
internal sealed class SessionStore(NpgsqlDataSource database, IOptions<ProtocolOptions> options, TimeProvider clock)
{
    private const int IdBytes = 24;
    private const int MaxSubscriptions = 200;
    private const int MaxSwept = 500;

    // How stale seen_at may be: a busy session is not written at every request.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(5);

    private TimeSpan Lifetime => TimeSpan.FromHours(options.Value.SessionHours);

    /// <summary>Begins a session. The user's oldest ones end when there are too many.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> AddAsync(Caller caller, string revision, ClientCapabilities capabilities, CancellationToken ct)
    {
        // Experiments and extensions are of any size, and nothing here asks for them.
        var kept = new ClientCapabilities { Elicitation = capabilities.Elicitation, Roots = capabilities.Roots, Sampling = capabilities.Sampling };
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            $"""
            DELETE FROM mcp_sessions WHERE id IN (
                SELECT id FROM mcp_sessions WHERE seen_at < {now - Lifetime} ORDER BY seen_at LIMIT {MaxSwept} FOR UPDATE SKIP LOCKED)
            """);
        batch.Add(
            $"""
            DELETE FROM mcp_sessions WHERE id IN (
                SELECT id FROM mcp_sessions WHERE user_id = {caller.UserId} ORDER BY seen_at DESC OFFSET {options.Value.MaxSessionsPerUser - 1})
            """);
        batch.Add(
            $"""
            INSERT INTO mcp_sessions (id, user_id, project_id, revision, capabilities, created_at, seen_at)
            VALUES ({id}, {caller.UserId}, {caller.ProjectId}, {revision},
                {JsonSerializer.Serialize(kept, McpJson.TypeOf<ClientCapabilities>())}::jsonb, {now}, {now})
            """);
        await batch.ExecuteNonQueryAsync(ct);
        return id;
    }

    /// <summary>The caller's session, or null when there is none of that id.</summary>
    public async Task<Session?> FindAsync(Caller caller, string id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        var found = await connection.FirstOrDefaultAsync(
            $"""
            SELECT revision, capabilities, log_level, subscriptions, seen_at FROM mcp_sessions
            WHERE id = {id} AND user_id = {caller.UserId} AND project_id = {caller.ProjectId} AND seen_at > {now - Lifetime}
            """,
            row => (Session: Read(id, row), SeenAt: row.GetFieldValue<DateTimeOffset>(4)),
            ct);
        if (found.Session is not null && now - found.SeenAt > Grain)
        {
            await connection.ExecuteAsync($"UPDATE mcp_sessions SET seen_at = {now} WHERE id = {id}", ct);
        }

        return found.Session;
    }

    /// <summary>Ends the caller's session. False when there is none of that id.</summary>
    public async Task<bool> RemoveAsync(Caller caller, string id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"DELETE FROM mcp_sessions WHERE id = {id} AND user_id = {caller.UserId} AND project_id = {caller.ProjectId}", ct) > 0;
    }

    /// <summary>Remembers the level of log messages.</summary>
    public async Task SetLogLevelAsync(Session session, LoggingLevel level, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync($"UPDATE mcp_sessions SET log_level = {(int)level} WHERE id = {session.Id}", ct);
    }

    /// <summary>Adds a resource to those that the client hears of. False when it has too many.</summary>
    public async Task<bool> SubscribeAsync(Session session, string uri, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            UPDATE mcp_sessions SET subscriptions = array_append(array_remove(subscriptions, {uri}), {uri})
            WHERE id = {session.Id} AND cardinality(array_remove(subscriptions, {uri})) < {MaxSubscriptions}
            """,
            ct) > 0;
    }

    /// <summary>Takes a resource from those that the client hears of.</summary>
    public async Task UnsubscribeAsync(Session session, string uri, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync($"UPDATE mcp_sessions SET subscriptions = array_remove(subscriptions, {uri}) WHERE id = {session.Id}", ct);
    }

    private static Session Read(string id, NpgsqlDataReader row) => new(
        id,
        row.GetString(0),
        JsonSerializer.Deserialize(row.GetString(1), McpJson.TypeOf<ClientCapabilities>()) ?? new(),
        row.IsDBNull(2) ? null : (LoggingLevel)row.GetInt32(2),
        row.GetFieldValue<string[]>(3));
}
