using JanServer.Data.Statements;

namespace JanServer.LlmApi.Sync;

/// <summary>Leases by the database's clock, so that those of the replicas need not agree.</summary>
internal sealed class LeaseStore(LlmContext db)
{
    /// <summary>Takes or renews a lease; false when another holder's has not run out.</summary>
    public async Task<bool> TryTakeAsync(string name, Guid holder, TimeSpan duration, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            INSERT INTO leases (name, holder, expires_at) VALUES ({name}, {holder}, now() + {duration})
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
            WHERE leases.holder = excluded.holder OR leases.expires_at < now()
            """,
            ct) > 0;
    }

    /// <summary>Gives a lease back, so that the next holder need not wait.</summary>
    public async Task ReleaseAsync(string name, Guid holder, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync($"DELETE FROM leases WHERE name = {name} AND holder = {holder}", ct);
    }
}
