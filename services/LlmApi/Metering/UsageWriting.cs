using Npgsql;
using NpgsqlTypes;

namespace JanServer.LlmApi.Metering;

/// <summary>
/// Writes usage records and what they add to the hourly sums. A record is counted when its row is inserted and never again, however often
/// the same records come.
/// </summary>
/// <remarks>
/// Locks are taken in one order by every writer: open exchanges, records, sums by their key. The sums are the rows that replicas
/// share, so this comes last in a transaction that writes more.
/// </remarks>
internal static class UsageWriting
{
    /// <summary>Writes the rows on the connection, inside its open transaction, and closes their open exchanges.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<UsageRecord> rows, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(Close) { Parameters = { Ids(rows.Where(row => row.Stream)) } });
        batch.BatchCommands.Add(InsertOf(rows));
        if (await InsertedAsync(batch, ct) == rows.Count)
        {
            return;
        }

        // Some are there already: from this writer's lost commit, or from a sweep that took this replica for dead. What the sweep
        // could only guess gives way to what is known.
        await using var correction = new NpgsqlBatch(connection);
        correction.BatchCommands.Add(new(TakeBack) { Parameters = { Ids(rows.Where(row => row.Failure != UsageRecord.ReplicaLost)) } });
        correction.BatchCommands.Add(InsertOf(rows));
        await correction.ExecuteNonQueryAsync(ct);
    }

    private static async Task<long> InsertedAsync(NpgsqlBatch batch, CancellationToken ct)
    {
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetInt64(0);
    }

    private const string Close = "DELETE FROM open_exchanges WHERE id = ANY($1)";

    private const string Columns =
        """
        id, created_at, user_id, organization_id, project_id, api_key_id, request_id, operation, model, provider, upstream_model,
        stream, status, failure, finish_reason, prompt_tokens, completion_tokens, total_tokens, cached_tokens, reasoning_tokens,
        estimated, duration_ms, first_token_ms, cost_micro_usd, conversation_id, images
        """;

    // Grouped and sorted by the key: two writers that meet on several sums wait for each other in one direction.
    private const string Key = "organization_id, bucket, user_id, project_id, api_key_id, model, provider, operation";

    private const string Sums =
        $"""
        SELECT {Key}, count(*) AS requests, count(*) FILTER (WHERE status = 'failed') AS failures,
            count(*) FILTER (WHERE cost_micro_usd IS NULL) AS unpriced, sum(prompt_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
            sum(completion_tokens) AS output_tokens, sum(reasoning_tokens) AS reasoning_tokens, sum(images) AS images,
            coalesce(sum(cost_micro_usd), 0)::bigint AS cost_micro_usd
        FROM (SELECT *, date_trunc('hour', created_at, 'UTC') AS bucket FROM changed) AS one
        GROUP BY {Key}
        ORDER BY {Key}
        """;

    private const string Insert =
        $"""
        WITH changed AS (
            INSERT INTO usage_records ({Columns})
            SELECT * FROM unnest(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
            ON CONFLICT DO NOTHING
            RETURNING *),
        summed AS (
            INSERT INTO usage_hours AS hour (
                {Key}, requests, failures, unpriced, input_tokens, cached_tokens, output_tokens, reasoning_tokens, images, cost_micro_usd)
            {Sums}
            ON CONFLICT ({Key}) DO UPDATE SET
                requests = hour.requests + excluded.requests,
                failures = hour.failures + excluded.failures,
                unpriced = hour.unpriced + excluded.unpriced,
                input_tokens = hour.input_tokens + excluded.input_tokens,
                cached_tokens = hour.cached_tokens + excluded.cached_tokens,
                output_tokens = hour.output_tokens + excluded.output_tokens,
                reasoning_tokens = hour.reasoning_tokens + excluded.reasoning_tokens,
                images = hour.images + excluded.images,
                cost_micro_usd = hour.cost_micro_usd + excluded.cost_micro_usd)
        SELECT count(*) FROM changed
        """;

    private const string TakeBack =
        $"""
        WITH changed AS (
            DELETE FROM usage_records WHERE id = ANY($1) AND failure = '{UsageRecord.ReplicaLost}' RETURNING *)
        UPDATE usage_hours AS hour SET
            requests = hour.requests - gone.requests,
            failures = hour.failures - gone.failures,
            unpriced = hour.unpriced - gone.unpriced,
            input_tokens = hour.input_tokens - gone.input_tokens,
            cached_tokens = hour.cached_tokens - gone.cached_tokens,
            output_tokens = hour.output_tokens - gone.output_tokens,
            reasoning_tokens = hour.reasoning_tokens - gone.reasoning_tokens,
            images = hour.images - gone.images,
            cost_micro_usd = hour.cost_micro_usd - gone.cost_micro_usd
        FROM ({Sums}) AS gone
        WHERE (hour.organization_id, hour.bucket, hour.user_id, hour.project_id, hour.model, hour.operation)
                = (gone.organization_id, gone.bucket, gone.user_id, gone.project_id, gone.model, gone.operation)
            AND hour.api_key_id IS NOT DISTINCT FROM gone.api_key_id
            AND hour.provider IS NOT DISTINCT FROM gone.provider
        """;

    private static NpgsqlBatchCommand InsertOf(IReadOnlyList<UsageRecord> rows)
    {
        var command = new NpgsqlBatchCommand(Insert);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Id.Value);
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.CreatedAt.UtcDateTime);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.UserId);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.OrganizationId);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.ProjectId);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.ApiKeyId);
        Add(command, NpgsqlDbType.Text, rows, row => row.RequestId);
        Add(command, NpgsqlDbType.Text, rows, row => row.Operation);
        Add(command, NpgsqlDbType.Text, rows, row => row.Model);
        Add(command, NpgsqlDbType.Text, rows, row => row.Provider);
        Add(command, NpgsqlDbType.Text, rows, row => row.UpstreamModel);
        Add(command, NpgsqlDbType.Boolean, rows, row => row.Stream);
        Add(command, NpgsqlDbType.Text, rows, row => row.Status);
        Add(command, NpgsqlDbType.Text, rows, row => row.Failure);
        Add(command, NpgsqlDbType.Text, rows, row => row.FinishReason);
        Add(command, NpgsqlDbType.Integer, rows, row => row.Tokens.Prompt);
        Add(command, NpgsqlDbType.Integer, rows, row => row.Tokens.Completion);
        Add(command, NpgsqlDbType.Integer, rows, row => row.Tokens.Total);
        Add(command, NpgsqlDbType.Integer, rows, row => row.Tokens.Cached);
        Add(command, NpgsqlDbType.Integer, rows, row => row.Tokens.Reasoning);
        Add(command, NpgsqlDbType.Boolean, rows, row => row.Estimated);
        Add(command, NpgsqlDbType.Integer, rows, row => row.DurationMs);
        Add(command, NpgsqlDbType.Integer, rows, row => row.FirstTokenMs);
        Add(command, NpgsqlDbType.Bigint, rows, row => row.CostMicroUsd);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.ConversationId);
        Add(command, NpgsqlDbType.Integer, rows, row => row.Images);
        return command;
    }

    private static void Add<T>(NpgsqlBatchCommand command, NpgsqlDbType type, IReadOnlyList<UsageRecord> rows, Func<UsageRecord, T> value)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static NpgsqlParameter<Guid[]> Ids(IEnumerable<UsageRecord> rows) =>
        new() { TypedValue = [.. rows.Select(row => row.Id.Value)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
}
