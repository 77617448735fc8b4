using JanServer.Data.Writing;
using Npgsql;
using NpgsqlTypes;

namespace JanServer.LlmApi.Metering;

/// <summary>Keeps what requests used. Rows of many requests are written together, after their answers and off their path.</summary>
internal sealed partial class UsageLedger(BatchWriter<UsageRecord> writer, TimeProvider clock, ILogger<UsageLedger> logger)
{
    // The queue is only full when the database has been away for long; answers must not wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async ValueTask RecordAsync(Exchange exchange)
    {
        var record = UsageRecord.Of(exchange, clock);
        try
        {
            var queued = writer.EnqueueAsync(record, CancellationToken.None);
            if (queued.IsCompletedSuccessfully)
            {
                return;
            }

            await queued.AsTask().WaitAsync(Patience, clock);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            Log.Lost(logger, record.RequestId, record.Tokens.Prompt, record.Tokens.Completion);
        }
    }

    /// <summary>Writes the rows in one statement. A row that is there already came with a commit whose answer was lost.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<UsageRecord> rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
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
        await command.ExecuteNonQueryAsync(ct);
    }

    private const string Insert =
        """
        INSERT INTO usage_records (
            id, created_at, user_id, organization_id, project_id, api_key_id, request_id, operation, model, provider, upstream_model,
            stream, status, failure, finish_reason, prompt_tokens, completion_tokens, total_tokens, cached_tokens, reasoning_tokens,
            estimated, duration_ms, first_token_ms)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
        ON CONFLICT DO NOTHING
        """;

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<UsageRecord> rows, Func<UsageRecord, T> value)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The usage of request {RequestId} is lost: {PromptTokens} + {CompletionTokens} tokens")]
        public static partial void Lost(ILogger logger, string requestId, int promptTokens, int completionTokens);
    }
}
