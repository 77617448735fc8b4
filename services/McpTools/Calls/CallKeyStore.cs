using JanServer.Data.Statements;
using ModelContextProtocol.Protocol;
using Npgsql;

namespace JanServer.McpTools.Calls;

/// <summary>
/// The queries over idempotency keys. Every one names the user. Leases are told by the database's clock, which all replicas share.
/// </summary>
internal sealed class CallKeyStore(NpgsqlDataSource database)
{
    /// <summary>Claims a key, or says who has it. A key whose time is over is free.</summary>
    public async Task<HeldKey> ClaimAsync(CallClaim claim, TimeSpan lease, TimeSpan lifetime, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        while (true)
        {
            var claimed = await connection.ExecuteAsync(
                $"""
                INSERT INTO call_keys AS held (user_id, key, tool, arguments, run_id, lease_until, expires_at)
                VALUES ({claim.User}, {claim.Key}, {claim.Tool}, {claim.Arguments}, {claim.Run}, now() + {lease}, now() + {lifetime})
                ON CONFLICT (user_id, key) DO UPDATE SET tool = excluded.tool, arguments = excluded.arguments, run_id = excluded.run_id,
                    lease_until = excluded.lease_until, expires_at = excluded.expires_at, result = NULL
                WHERE held.expires_at <= now() AND held.lease_until <= now()
                """,
                ct);
            if (claimed > 0)
            {
                return new(KeyState.Ours, claim.Run);
            }

            var held = await connection.FirstOrDefaultAsync(
                $"""
                SELECT tool, arguments, run_id, result, lease_until <= now() FROM call_keys
                WHERE user_id = {claim.User} AND key = {claim.Key}
                """,
                row => Held(claim, row),
                ct);
            if (held is not null)
            {
                return held;
            }
        }
    }

    /// <summary>Takes over what a run abandoned; false when it or another one has moved since.</summary>
    public async Task<bool> TakeOverAsync(CallClaim claim, Guid abandoned, TimeSpan lease, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            UPDATE call_keys SET run_id = {claim.Run}, lease_until = now() + {lease}
            WHERE user_id = {claim.User} AND key = {claim.Key} AND run_id = {abandoned} AND result IS NULL AND lease_until <= now()
            """,
            ct) > 0;
    }

    /// <summary>Keeps a result in the place of what an abandoned run would have had; false when it or another one has moved since.</summary>
    public async Task<bool> CloseAsync(CallClaim claim, Guid abandoned, CallToolResult result, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            UPDATE call_keys SET result = {CallText.Write(result)}
            WHERE user_id = {claim.User} AND key = {claim.Key} AND run_id = {abandoned} AND result IS NULL AND lease_until <= now()
            """,
            ct) > 0;
    }

    /// <summary>Says that runs of this process live.</summary>
    public async Task ExtendAsync(Guid[] runs, TimeSpan lease, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync($"UPDATE call_keys SET lease_until = now() + {lease} WHERE run_id = ANY({runs}) AND result IS NULL", ct);
    }

    /// <summary>Keeps the result of a run that still has its key.</summary>
    public async Task CompleteAsync(CallClaim claim, byte[] result, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"""
            UPDATE call_keys SET result = {result}, lease_until = now()
            WHERE user_id = {claim.User} AND key = {claim.Key} AND run_id = {claim.Run}
            """,
            ct);
    }

    /// <summary>Frees a key: nothing happened.</summary>
    public async Task ReleaseAsync(CallClaim claim, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"DELETE FROM call_keys WHERE user_id = {claim.User} AND key = {claim.Key} AND run_id = {claim.Run}", ct);
    }

    /// <summary>Forgets keys whose time is over; how many.</summary>
    public async Task<int> RemoveExpiredAsync(int count, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            DELETE FROM call_keys WHERE (user_id, key) IN (
                SELECT user_id, key FROM call_keys WHERE expires_at <= now() AND lease_until <= now() LIMIT {count} FOR UPDATE SKIP LOCKED)
            """,
            ct);
    }

    private static HeldKey Held(CallClaim claim, NpgsqlDataReader row)
    {
        var run = row.GetGuid(2);
        return row.GetString(0) != claim.Tool || !row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(claim.Arguments)
            ? new(KeyState.Different, run)
            : !row.IsDBNull(3) ? new(KeyState.Done, run, CallText.Read(row.GetFieldValue<byte[]>(3)))
            : new(row.GetBoolean(4) ? KeyState.Abandoned : KeyState.Running, run);
    }
}
