using JanServer.Data.Statements;
using Npgsql;

namespace JanServer.McpTools.Calls;

/// <summary>Writes calls and their reports: in one transaction, so that no call is told of that is not in the ledger.</summary>
internal static class CallWriting
{
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<CallEntry> entries, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var entry in entries)
        {
            if (entry.Record is { } call)
            {
                batch.Add(
                    $"""
                    INSERT INTO tool_calls (id, started_at, user_id, organization_id, project_id, api_key_id, tool, provider, status, failure,
                        duration_ms, argument_bytes, result_bytes, conversation_id, call_id)
                    VALUES ({call.Id}, {call.StartedAt.ToUniversalTime()}, {call.UserId}, {call.OrganizationId}, {call.ProjectId}, {call.ApiKeyId}, {call.Tool}, {call.Provider},
                        {call.Status}, {call.Failure}, {call.DurationMs}, {call.ArgumentBytes}, {call.ResultBytes}, {call.ConversationId}, {call.CallId})
                    ON CONFLICT DO NOTHING
                    """);
            }

            if (entry.Report is { } report)
            {
                batch.Add(
                    $"""
                    INSERT INTO call_reports (id, created_at, caller, conversation_id, call_id, body)
                    VALUES ({report.Id}, {report.CreatedAt.ToUniversalTime()}, {report.Caller}, {report.ConversationId}, {report.CallId}, {report.Body})
                    ON CONFLICT DO NOTHING
                    """);
            }
        }

        await batch.ExecuteNonQueryAsync(ct);
    }
}
