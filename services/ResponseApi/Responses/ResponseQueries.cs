using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Secrets;
using JanServer.ServiceDefaults.Auth;
using Npgsql;

namespace JanServer.ResponseApi.Responses;

/// <summary>Reads whole responses, with their tool calls, in one round trip.</summary>
internal sealed class ResponseQueries(NpgsqlDataSource database, SecretBox secrets)
{
    public const string SecretPurpose = "request";

    private const string Rows =
        """
        SELECT id, caller, body, secrets, conversation_id, context, input, status, output, input_tokens, cached_tokens, output_tokens,
            reasoning_tokens, model_calls, next_sequence, next_output_index, incomplete_reason, error_code, error_message, created_at, queued_at,
            started_at, ended_at
        FROM responses
        WHERE id = ANY ($1) AND ($2::uuid IS NULL OR (user_id = $2 AND project_id = $3))
        """;

    private const string Executions =
        """
        SELECT response_id, call_id, item_id, tool_name, arguments, execution_order, status, model_text, result, error, started_at, completed_at,
            model_call, outputs_before
        FROM tool_executions
        WHERE response_id = ANY ($1)
        ORDER BY response_id, execution_order
        """;

    /// <summary>The owner's response, or null.</summary>
    public async Task<Response?> FindAsync(Caller owner, Id<Response> id, CancellationToken ct) =>
        (await ListAsync([id.Value], owner, ct)).FirstOrDefault();

    /// <summary>A response for who runs it: a lease stands for the owner.</summary>
    public async Task<Response?> FindForRunAsync(Id<Response> id, CancellationToken ct) =>
        (await ListAsync([id.Value], owner: null, ct)).FirstOrDefault();

    /// <summary>The owner's responses of these ids, in that order; those that are not theirs are left out.</summary>
    public async Task<List<Response>> ListAsync(Guid[] ids, Caller? owner, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        var rows = new NpgsqlBatchCommand(Rows);
        rows.Parameters.Add(new() { Value = ids });
        rows.Parameters.Add(new() { Value = owner is null ? DBNull.Value : owner.UserId.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        rows.Parameters.Add(new() { Value = owner is null ? DBNull.Value : owner.ProjectId.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        batch.BatchCommands.Add(rows);
        var executions = new NpgsqlBatchCommand(Executions);
        executions.Parameters.Add(new() { Value = ids });
        batch.BatchCommands.Add(executions);

        await using var reader = await batch.ExecuteReaderAsync(ct);
        var found = new Dictionary<Guid, Response>();
        while (await reader.ReadAsync(ct))
        {
            var response = Read(reader);
            found[response.Id.Value] = response;
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (found.TryGetValue(reader.GetGuid(0), out var response))
            {
                response.Progress.Executions.Add(ReadExecution(reader));
            }
        }

        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    /// <summary>Reads the columns of <see cref="Executions"/>, from the second on.</summary>
    public static ToolExecution ReadExecution(NpgsqlDataReader row) => new()
    {
        CallId = row.GetString(1),
        ItemId = row.GetString(2),
        ToolName = row.GetString(3),
        Arguments = row.GetString(4),
        Order = row.GetInt32(5),
        Status = row.GetString(6),
        ModelText = Text(row, 7),
        Result = Text(row, 8) is { } result ? JsonElement.Parse(result) : null,
        Error = Text(row, 9),
        StartedAt = row.GetFieldValue<DateTimeOffset>(10),
        CompletedAt = Time(row, 11),
        ModelCall = row.GetInt32(12),
        OutputsBefore = row.GetInt32(13),
    };

    private Response Read(NpgsqlDataReader row)
    {
        var id = new Id<Response>(row.GetGuid(0));
        var sealedSecrets = row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3);
        var opened = sealedSecrets is null ? null : secrets.Open(SecretPurpose, id.ToString(), sealedSecrets);
        return new()
        {
            Id = id,
            Caller = StoredCaller.Read(row.GetString(1)),
            Request = Request(RequestSecrets.Join(JsonElement.Parse(row.GetString(2)), opened)),
            ConversationId = Text(row, 4),
            Context = Text(row, 5) is { } context ? StoredItem.Read(context) : [],
            Input = StoredItem.Read(row.GetString(6)),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(19),
            QueuedAt = Time(row, 20),
            Progress = new()
            {
                Status = row.GetString(7),
                Output = StoredItem.ReadPlain(row.GetString(8)),
                Usage = new(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12)),
                ModelCalls = row.GetInt32(13),
                NextSequenceNumber = row.GetInt64(14),
                NextOutputIndex = row.GetInt32(15),
                IncompleteReason = Text(row, 16),
                Error = Text(row, 17) is { } code ? new(code, Text(row, 18) ?? "") : null,
                StartedAt = Time(row, 21),
                EndedAt = Time(row, 22),
            },
        };
    }

    private static ResponseRequest Request(JsonElement body) =>
        RequestReader.Read(body).Request ?? throw new InvalidOperationException("A stored request cannot be read any more.");

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
