using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Paging;
using Npgsql;

namespace JanServer.McpTools.Calls;

/// <summary>The queries over the ledger of calls.</summary>
internal sealed class UsageStore(NpgsqlDataSource database)
{
    private const int MaxGroups = 1000;

    /// <summary>Sums by tool and by what the filter groups by, the most called first.</summary>
    public async Task<List<ToolUsage>> SumAsync(UsageFilter filter, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ListAsync(
            $"""
            SELECT tool,
                CASE WHEN {filter.Groups.Contains("provider")} THEN provider END,
                CASE WHEN {filter.Groups.Contains("status")} THEN status END,
                CASE WHEN {filter.Groups.Contains("project_id")} THEN project_id END,
                CASE WHEN {filter.Groups.Contains("user_id")} THEN user_id END,
                CASE WHEN {filter.Groups.Contains("organization_id")} THEN organization_id END,
                count(*), count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'refused'),
                sum(duration_ms)::bigint, sum(argument_bytes)::bigint, sum(result_bytes)::bigint
            FROM tool_calls
            WHERE ({filter.User}::uuid IS NULL OR user_id = {filter.User}::uuid)
                AND ({filter.Organization}::uuid IS NULL OR organization_id = {filter.Organization}::uuid)
                AND ({filter.Project}::uuid IS NULL OR project_id = {filter.Project}::uuid)
                AND ({filter.Tool}::text IS NULL OR tool = {filter.Tool}::text)
                AND ({filter.Provider}::text IS NULL OR provider = {filter.Provider}::text)
                AND ({filter.Status}::text IS NULL OR status = {filter.Status}::text)
                AND ({filter.Conversation}::text IS NULL OR conversation_id = {filter.Conversation}::text)
                AND ({filter.Range.FirstId}::uuid IS NULL OR id >= {filter.Range.FirstId}::uuid)
                AND ({filter.Range.EndId}::uuid IS NULL OR id < {filter.Range.EndId}::uuid)
            GROUP BY 1, 2, 3, 4, 5, 6
            ORDER BY 7 DESC, 1, 2, 3, 4, 5, 6
            LIMIT {MaxGroups}
            """,
            row => new ToolUsage(row.GetString(0), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11))
            {
                Provider = row.IsDBNull(1) ? null : row.GetString(1),
                Status = row.IsDBNull(2) ? null : row.GetString(2),
                ProjectId = IdOf<ProjectRef>(row, 3),
                UserId = IdOf<UserRef>(row, 4),
                OrganizationId = IdOf<OrganizationRef>(row, 5),
            },
            ct);
    }

    /// <summary>A page of calls and one more. A cursor that is none gives none.</summary>
    public async Task<List<CallRecord>> ListAsync(UsageFilter filter, PageQuery page, CancellationToken ct)
    {
        Guid? after = page.Start is { } start ? Id<CallRecord>.Parse(start).Value : null;
        if (after == Guid.Empty)
        {
            return [];
        }

        var (below, above) = page.Ascending ? (null, after) : (after, (Guid?)null);
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ListAsync(
            $"""
            SELECT id, started_at, user_id, organization_id, project_id, api_key_id, tool, provider, status, failure, duration_ms, argument_bytes,
                result_bytes, conversation_id, call_id
            FROM tool_calls
            WHERE ({filter.User}::uuid IS NULL OR user_id = {filter.User}::uuid)
                AND ({filter.Organization}::uuid IS NULL OR organization_id = {filter.Organization}::uuid)
                AND ({filter.Project}::uuid IS NULL OR project_id = {filter.Project}::uuid)
                AND ({filter.Tool}::text IS NULL OR tool = {filter.Tool}::text)
                AND ({filter.Provider}::text IS NULL OR provider = {filter.Provider}::text)
                AND ({filter.Status}::text IS NULL OR status = {filter.Status}::text)
                AND ({filter.Conversation}::text IS NULL OR conversation_id = {filter.Conversation}::text)
                AND ({filter.Range.FirstId}::uuid IS NULL OR id >= {filter.Range.FirstId}::uuid)
                AND ({filter.Range.EndId}::uuid IS NULL OR id < {filter.Range.EndId}::uuid)
                AND ({below}::uuid IS NULL OR id < {below}::uuid)
                AND ({above}::uuid IS NULL OR id > {above}::uuid)
            ORDER BY CASE WHEN {page.Ascending} THEN id END, id DESC
            LIMIT {page.Take + 1}
            """,
            Read,
            ct);
    }

    private static CallRecord Read(NpgsqlDataReader row) => new()
    {
        Id = new(row.GetGuid(0)),
        StartedAt = row.GetFieldValue<DateTimeOffset>(1),
        UserId = row.GetGuid(2),
        OrganizationId = row.GetGuid(3),
        ProjectId = row.GetGuid(4),
        ApiKeyId = row.IsDBNull(5) ? null : row.GetGuid(5),
        Tool = row.GetString(6),
        Provider = row.IsDBNull(7) ? null : row.GetString(7),
        Status = row.GetString(8),
        Failure = row.IsDBNull(9) ? null : row.GetString(9),
        DurationMs = row.GetInt32(10),
        ArgumentBytes = row.GetInt32(11),
        ResultBytes = row.GetInt32(12),
        ConversationId = row.IsDBNull(13) ? null : row.GetString(13),
        CallId = row.IsDBNull(14) ? null : row.GetString(14),
    };

    private static string? IdOf<T>(NpgsqlDataReader row, int column)
        where T : IIdentified => row.IsDBNull(column) ? null : new Id<T>(row.GetGuid(column)).ToString();
}
