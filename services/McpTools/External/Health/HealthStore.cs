using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.McpTools.External.Servers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Health;

/// <summary>The health of servers and their breakers, by the database's clock and for all replicas.</summary>
internal sealed class HealthStore(McpToolsContext db, IOptions<ExternalOptions> options)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    // A probe has this long to succeed or fail before the next one is let through.
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(30);

    public async Task<ServerHealth?> FindAsync(Id<ExternalServer> server, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"SELECT last_success_at, last_failure_at, last_error, consecutive_failures, open_until FROM external_server_health WHERE server_id = {server}",
            reader => new ServerHealth(
                reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0),
                reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetInt32(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4)),
            ct);
    }

    /// <summary>Lets a call through, or says until when the server is left alone. Of those that come when that time is over, one is let through.</summary>
    public async Task<DateTimeOffset?> AdmitAsync(Id<ExternalServer> server, CancellationToken ct)
    {
        if (await FindAsync(server, ct) is not { OpenUntil: { } until })
        {
            return null;
        }

        var connection = await db.OpenAsync(ct);
        var probes = await connection.ExecuteAsync(
            $"UPDATE external_server_health SET open_until = now() + {ProbeTime} WHERE server_id = {server} AND open_until <= now()", ct) > 0;
        return probes ? null : until;
    }

    /// <summary>The server answered. Written when that is news, or half a minute old.</summary>
    public async Task SucceededAsync(Id<ExternalServer> server, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO external_server_health AS health (server_id, last_success_at)
            SELECT id, now() FROM external_servers WHERE id = {server}
            ON CONFLICT (server_id) DO UPDATE SET last_success_at = now(), consecutive_failures = 0, open_until = NULL
            WHERE health.consecutive_failures > 0 OR health.open_until IS NOT NULL OR health.last_success_at IS NULL
                OR health.last_success_at < now() - interval '30 seconds'
            """,
            ct);
    }

    /// <summary>The server did not answer, or not well.</summary>
    public async Task FailedAsync(Id<ExternalServer> server, ServerFailure failure, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var counts = failure.CountsAgainstServer ? 1 : 0;
        var health = await connection.FirstOrDefaultAsync(
            $"""
            INSERT INTO external_server_health AS health (server_id, last_failure_at, last_error, consecutive_failures)
            SELECT id, now(), {failure.Class}, {counts} FROM external_servers WHERE id = {server}
            ON CONFLICT (server_id) DO UPDATE SET
                last_failure_at = now(), last_error = excluded.last_error,
                consecutive_failures = health.consecutive_failures + excluded.consecutive_failures
            RETURNING consecutive_failures
            """,
            reader => (int?)reader.GetInt32(0),
            ct);
        if (counts > 0 && health >= options.Value.BreakAfter)
        {
            var alone = Pause(health.Value - options.Value.BreakAfter);
            await connection.ExecuteAsync($"UPDATE external_server_health SET open_until = now() + {alone} WHERE server_id = {server}", ct);
        }
    }

    /// <summary>Forgets failures, because the server is reached in another way now.</summary>
    public async Task ResetAsync(Id<ExternalServer> server, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync($"DELETE FROM external_server_health WHERE server_id = {server}", ct);
    }

    private TimeSpan Pause(int doublings)
    {
        var first = TimeSpan.FromSeconds(options.Value.BreakSeconds);
        return doublings > 10 || first * Math.Pow(2, doublings) > Longest ? Longest : first * Math.Pow(2, doublings);
    }
}
