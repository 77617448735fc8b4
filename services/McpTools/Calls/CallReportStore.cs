using JanServer.Data.Statements;
using Npgsql;

namespace JanServer.McpTools.Calls;

/// <summary>The queue of reports. A report that is taken is invisible until its attempt is given up.</summary>
internal sealed class CallReportStore(NpgsqlDataSource database)
{
    public async Task<List<CallReport>> TakeAsync(int count, TimeSpan lease, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ListAsync(
            $"""
            UPDATE call_reports SET attempts = attempts + 1, due_at = now() + {lease}
            WHERE id IN (SELECT id FROM call_reports WHERE due_at <= now() ORDER BY due_at LIMIT {count} FOR UPDATE SKIP LOCKED)
            RETURNING id, created_at, caller, conversation_id, call_id, body, attempts
            """,
            row => new CallReport(
                row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt32(6)),
            ct);
    }

    public async Task RemoveAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync($"DELETE FROM call_reports WHERE id = {id}", ct);
    }

    /// <summary>Has it tried again after a while, unless another attempt has begun meanwhile.</summary>
    public async Task PostponeAsync(CallReport report, TimeSpan pause, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"UPDATE call_reports SET due_at = now() + {pause} WHERE id = {report.Id} AND attempts = {report.Attempts}", ct);
    }
}
