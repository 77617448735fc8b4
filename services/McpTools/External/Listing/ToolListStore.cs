using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.McpTools.External.Servers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Listing;

/// <summary>The tools of a server as last seen.</summary>
/// <param name="ServerId">The server.</param>
/// <param name="Tools">JSON, an array of tools; null when they were never seen.</param>
/// <param name="ToolCount">How many.</param>
/// <param name="FetchedAt">When they were seen.</param>
/// <param name="IsRarelyUsed">Whether nobody listed them for an hour.</param>
internal sealed record ToolList(Guid ServerId, string? Tools, int ToolCount, DateTimeOffset? FetchedAt, bool IsRarelyUsed);

/// <summary>The tool lists of servers, and when they are looked at again; by the database's clock and for all replicas.</summary>
internal sealed class ToolListStore(McpToolsContext db, IOptions<ExternalOptions> options)
{
    // However often a server says that its tools changed.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    /// <summary>The lists of some servers, as a principal sees them: its own where users sign in, else everybody's.</summary>
    public async Task<Dictionary<Guid, ToolList>> FindAsync(Guid[] servers, Guid user, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var lists = await connection.ListAsync(
            $"""
            SELECT l.server_id, l.tools, l.tool_count, l.fetched_at, l.used_at < now() - interval '1 hour'
            FROM external_tool_lists l JOIN external_servers s ON s.id = l.server_id
            WHERE l.server_id = ANY({servers})
                AND l.principal_id = CASE WHEN s.auth = 'oauth' THEN {user} ELSE '00000000-0000-0000-0000-000000000000'::uuid END
            """,
            reader => new ToolList(
                reader.GetGuid(0),
                reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.GetInt32(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetBoolean(4)),
            ct);
        return lists.ToDictionary(list => list.ServerId);
    }

    /// <summary>Remembers that lists are used, so that they are kept fresh.</summary>
    public async Task UsedAsync(Guid[] servers, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync($"UPDATE external_tool_lists SET used_at = now() WHERE server_id = ANY({servers})", ct);
    }

    /// <summary>Has a list looked at soon, and made when there is none.</summary>
    public async Task DueAsync(Id<ExternalServer> server, Guid principal, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO external_tool_lists AS lists (server_id, principal_id, next_refresh_at, used_at)
            SELECT id, {principal}, now(), now() FROM external_servers WHERE id = {server}
            ON CONFLICT (server_id, principal_id) DO UPDATE SET
                next_refresh_at = least(lists.next_refresh_at, greatest(now(), lists.fetched_at + {Shortest})), failures = 0
            """,
            ct);
    }

    public async Task RemoveAsync(Id<ExternalServer> server, Guid principal, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync($"DELETE FROM external_tool_lists WHERE server_id = {server} AND principal_id = {principal}", ct);
    }

    public async Task RemoveAllAsync(Id<ExternalServer> server, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync($"DELETE FROM external_tool_lists WHERE server_id = {server}", ct);
    }

    /// <summary>Takes lists that are due; no other replica gets them for a while.</summary>
    public async Task<List<(Id<ExternalServer> Server, Guid Principal)>> ClaimAsync(int count, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var lease = TimeSpan.FromSeconds((2 * options.Value.ConnectSeconds) + 30);
        var unused = TimeSpan.FromHours(options.Value.UnusedHours);
        return await connection.ListAsync(
            $"""
            UPDATE external_tool_lists SET next_refresh_at = now() + {lease}
            WHERE (server_id, principal_id) IN (
                SELECT l.server_id, l.principal_id
                FROM external_tool_lists l JOIN external_servers s ON s.id = l.server_id
                LEFT JOIN external_server_health h ON h.server_id = l.server_id
                WHERE l.next_refresh_at <= now() AND s.is_enabled AND (h.open_until IS NULL OR h.open_until <= now())
                    AND (s.auth = 'none' AND s.scope <> 'user' OR l.used_at > now() - {unused})
                ORDER BY l.next_refresh_at LIMIT {count}
                FOR UPDATE OF l SKIP LOCKED)
            RETURNING server_id, principal_id
            """,
            reader => (new Id<ExternalServer>(reader.GetGuid(0)), reader.GetGuid(1)),
            ct);
    }

    /// <summary>Keeps what a server offers.</summary>
    /// <returns>Whether it is other than before.</returns>
    public async Task<bool> PutAsync(Id<ExternalServer> server, Guid principal, string tools, int count, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var next = Jittered(TimeSpan.FromSeconds(options.Value.RefreshSeconds));
        return await connection.FirstOrDefaultAsync(
            $"""
            WITH old AS (SELECT tools FROM external_tool_lists WHERE server_id = {server} AND principal_id = {principal} FOR UPDATE)
            INSERT INTO external_tool_lists (server_id, principal_id, tools, tool_count, fetched_at, next_refresh_at, used_at)
            SELECT id, {principal}, {tools}, {count}, now(), now() + {next}, now() FROM external_servers WHERE id = {server}
            ON CONFLICT (server_id, principal_id) DO UPDATE SET
                tools = excluded.tools, tool_count = excluded.tool_count, fetched_at = excluded.fetched_at,
                next_refresh_at = excluded.next_refresh_at, failures = 0
            RETURNING (SELECT tools FROM old) IS DISTINCT FROM {tools}
            """,
            reader => reader.GetBoolean(0),
            ct);
    }

    /// <summary>Looks again later: sooner than usual at first, then ever later.</summary>
    public async Task FailedAsync(Id<ExternalServer> server, Guid principal, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var usual = Jittered(TimeSpan.FromSeconds(options.Value.RefreshSeconds));
        await connection.ExecuteAsync(
            $"""
            UPDATE external_tool_lists
            SET failures = least(failures + 1, 10), next_refresh_at = now() + least({usual}, interval '15 seconds' * power(2, least(failures, 10)))
            WHERE server_id = {server} AND principal_id = {principal}
            """,
            ct);
    }

    // So that the lists of one moment are not looked at in one moment ever after.
    private static TimeSpan Jittered(TimeSpan time) => time * (0.9 + (Random.Shared.NextDouble() * 0.2));
}
