using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.ResponseApi.Background;

/// <summary>A response that this replica has taken.</summary>
/// <param name="Attempts">How often it was taken, this time included.</param>
internal sealed record Claim(Id<Response> Id, Guid Lease, bool IsBackground, int Attempts);

/// <summary>
/// What a run writes. Every statement names the lease, so that a replica that has lost a response changes nothing of it any more. Leases are
/// measured by the database's clock alone.
/// </summary>
internal sealed class RunStore(NpgsqlDataSource database, IOptions<BackgroundOptions> options, TimeProvider clock)
{
    // Claims of all replicas one after the other: otherwise two of them could each give a user the last free place.
    private const long ClaimLock = 0x4a616e_52455350;

    /// <summary>Takes the next response of the queue whose user has a place left; null when there is none.</summary>
    public async Task<Claim?> ClaimQueuedAsync(CancellationToken ct)
    {
        var lease = Guid.CreateVersion7(clock.GetUtcNow());
        var (time, perUser, now) = (options.Value.LeaseTime, options.Value.MaxRunningPerUser, clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({ClaimLock})", ct);
        var claim = await connection.FirstOrDefaultAsync(
            $"""
            UPDATE responses
            SET status = 'in_progress', started_at = coalesce(started_at, {now}), attempts = attempts + 1, lease = {lease},
                lease_until = clock_timestamp() + {time}
            WHERE status = 'queued' AND id = (
                SELECT waiting.id FROM responses AS waiting
                WHERE waiting.status = 'queued' AND (
                    SELECT count(*) FROM responses AS busy
                    WHERE busy.user_id = waiting.user_id AND busy.background AND busy.status = 'in_progress') < {perUser}
                ORDER BY waiting.priority DESC, waiting.queued_at, waiting.id
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING id, background, attempts
            """,
            row => new Claim(new(row.GetGuid(0)), lease, row.GetBoolean(1), row.GetInt32(2)),
            ct);
        await transaction.CommitAsync(ct);
        return claim;
    }

    /// <summary>Takes a response whose replica is gone; null when there is none.</summary>
    public async Task<Claim?> ClaimOrphanAsync(CancellationToken ct)
    {
        var lease = Guid.CreateVersion7(clock.GetUtcNow());
        var time = options.Value.LeaseTime;
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            UPDATE responses
            SET attempts = attempts + 1, lease = {lease}, lease_until = clock_timestamp() + {time}
            WHERE status = 'in_progress' AND lease_until < clock_timestamp() AND id = (
                SELECT id FROM responses
                WHERE status = 'in_progress' AND lease_until < clock_timestamp()
                ORDER BY lease_until
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING id, background, attempts
            """,
            row => new Claim(new(row.GetGuid(0)), lease, row.GetBoolean(1), row.GetInt32(2)),
            ct);
    }

    /// <summary>Prolongs leases, all by one statement, which locks rows in the order that the log of events does.</summary>
    /// <returns>Those that are still good.</returns>
    public async Task<HashSet<Guid>> ProlongAsync(Guid[] leases, CancellationToken ct)
    {
        var time = options.Value.LeaseTime;
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. await connection.ListAsync(
            $"""
            WITH own AS (
                SELECT id FROM responses WHERE status = 'in_progress' AND lease = ANY ({leases}) ORDER BY id FOR NO KEY UPDATE
            )
            UPDATE responses SET lease_until = clock_timestamp() + {time}
            FROM own
            WHERE responses.id = own.id AND lease = ANY ({leases})
            RETURNING lease
            """,
            row => row.GetGuid(0),
            ct)];
    }

    /// <summary>
    /// Tells the loop what a replica before this one may have shown to clients after its last checkpoint: the numbers of the next event and
    /// item are put beyond that, and items that are shown as begun are named. The item of a call that is made again is one of them even when
    /// it is shown as ended: the call then ends it once more, and does not show it anew.
    /// </summary>
    /// <returns>Whether the stream shows <c>response.in_progress</c>.</returns>
    public async Task<bool> ReadShownAsync(Response response, CancellationToken ct)
    {
        var progress = response.Progress;
        var repeated = progress.RunningItems();
        await using var connection = await database.OpenConnectionAsync(ct);
        var (next, isShown) = await connection.FirstOrDefaultAsync(
            $"""
            SELECT coalesce(max(sequence) + 1, 0), coalesce(bool_or(type = 'response.in_progress'), false)
            FROM response_events WHERE response_id = {response.Id}
            """,
            row => (row.GetInt64(0), row.GetBoolean(1)),
            ct);
        var shown = await connection.ListAsync(
            $"""
            SELECT type, data FROM response_events
            WHERE response_id = {response.Id} AND type IN ('response.output_item.added', 'response.output_item.done')
            ORDER BY sequence
            """,
            row => (IsDone: row.GetString(0) == "response.output_item.done", Event: ItemJson.Parse(row.GetFieldValue<byte[]>(1))),
            ct);
        var open = new SortedDictionary<int, JsonElement>();
        foreach (var (isDone, happened) in shown)
        {
            var index = happened.GetProperty("output_index").GetInt32();
            progress.NextOutputIndex = Math.Max(progress.NextOutputIndex, index + 1);
            var item = happened.GetProperty("item");
            if (!isDone)
            {
                open[index] = item;
            }
            else if (!repeated.Contains(item.Text("id") ?? ""))
            {
                open.Remove(index);
            }
        }

        progress.NextSequenceNumber = Math.Max(progress.NextSequenceNumber, next);
        progress.OpenItems = [.. open.Select(item => new OpenItem(item.Key, item.Value))];
        return isShown;
    }

    /// <summary>Keeps how far a run is; false when it is not this lease's any more. A database that is away is waited for, for a lease's time.</summary>
    public Task<bool> CheckpointAsync(Response response, Guid lease, CancellationToken ct) =>
        DatabasePatience.WriteAsync(() => WriteAsync(response, lease, ct), options.Value.LeaseTime, clock, ct);

    /// <summary>Why a run could write nothing: it was cancelled or deleted, or it is another replica's.</summary>
    public async Task<StopReason> WhyLostAsync(RunHandle run, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var status = await connection.FirstOrDefaultAsync($"SELECT status FROM responses WHERE id = {run.Id}", row => row.GetString(0), ct);
        return status is null or ResponseStatus.Cancelled ? StopReason.Cancelled : StopReason.Lost;
    }

    private async Task<bool> WriteAsync(Response response, Guid lease, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await SaveAsync(connection, response, lease, ResponseStatus.InProgress, ResponseStatus.InProgress, ct) == 0)
        {
            return false;
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Keeps what a run had made until it learned that it is cancelled. Does nothing for one that is not.</summary>
    public async Task SaveProducedAsync(Response response, Guid lease, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await SaveAsync(connection, response, lease, ResponseStatus.Cancelled, ResponseStatus.Cancelled, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Ends a response that cannot even be read, so that it is not taken for ever.</summary>
    public async Task AbandonAsync(Claim claim, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"""
            UPDATE responses
            SET status = 'failed', ended_at = {now}, lease_until = NULL, context = NULL, secrets = NULL, error_code = 'server_error',
                error_message = 'The response was begun too often without an end.'
            WHERE id = {claim.Id} AND lease = {claim.Lease} AND status = 'in_progress'
            """,
            ct);
    }

    /// <summary>How many wait, counted up to the bound of the queue.</summary>
    public async Task<long> CountQueuedAsync(CancellationToken ct)
    {
        var most = options.Value.MaxQueued;
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"SELECT count(*) FROM (SELECT 1 FROM responses WHERE status = 'queued' LIMIT {most}) AS waiting", row => row.GetInt64(0), ct);
    }

    /// <summary>Gives a response back to the queue, to go on where its last checkpoint was.</summary>
    public async Task ReleaseAsync(RunHandle run, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"""
            WITH released AS (
                UPDATE responses SET status = 'queued', lease = NULL, lease_until = NULL, attempts = attempts - 1
                WHERE id = {run.Id} AND lease = {run.Lease} AND status = 'in_progress' AND background
                RETURNING id
            )
            SELECT pg_notify({Signals.Channel}, {Signals.Queued}) FROM released
            """,
            ct);
    }

    /// <summary>Lets a claimed response lie for a while; then it is taken again, as one whose replica is gone, which is another attempt.</summary>
    public async Task PostponeAsync(Claim claim, TimeSpan pause, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"UPDATE responses SET lease_until = clock_timestamp() + {pause} WHERE id = {claim.Id} AND lease = {claim.Lease} AND status = 'in_progress'",
            ct);
    }

    /// <summary>
    /// Writes progress and tool calls of a response that has the lease and a status; returns how many rows that were. A call that has become
    /// a request for approval is none any more.
    /// </summary>
    public static async Task<int> SaveAsync(
        NpgsqlConnection connection, Response response, Guid lease, string before, string after, CancellationToken ct)
    {
        var progress = response.Progress;
        var calls = progress.Executions.Select(execution => Storable(execution.CallId)!).ToArray();
        var (code, message) = (progress.Error?.Code, Storable(progress.Error?.Message));
        var rows = await connection.ExecuteAsync(
            $"""
            WITH withdrawn AS (
                DELETE FROM tool_executions
                WHERE response_id = {response.Id} AND status = 'in_progress' AND call_id <> ALL ({calls})
                    AND EXISTS (SELECT 1 FROM responses WHERE id = {response.Id} AND lease = {lease} AND status = {before})
            )
            UPDATE responses
            SET status = {after}, output = {StoredItem.Write(progress.Output)}::json, input_tokens = {progress.Usage.InputTokens},
                cached_tokens = {progress.Usage.CachedTokens}, output_tokens = {progress.Usage.OutputTokens},
                reasoning_tokens = {progress.Usage.ReasoningTokens}, model_calls = {progress.ModelCalls},
                next_sequence = greatest(next_sequence, {progress.NextSequenceNumber}), next_output_index = {progress.NextOutputIndex},
                incomplete_reason = {progress.IncompleteReason}, error_code = {code}, error_message = {message},
                started_at = coalesce(started_at, {progress.StartedAt})
            WHERE id = {response.Id} AND lease = {lease} AND status = {before}
            """,
            ct);
        if (rows > 0 && progress.Executions.Count > 0)
        {
            await SaveExecutionsAsync(connection, response, ct);
        }

        return rows;
    }

    private static async Task SaveExecutionsAsync(NpgsqlConnection connection, Response response, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var execution in response.Progress.Executions)
        {
            batch.Add(
                $"""
                INSERT INTO tool_executions (response_id, call_id, item_id, tool_name, arguments, execution_order, status, model_text, result, error,
                    started_at, completed_at, model_call, outputs_before)
                VALUES ({response.Id}, {Storable(execution.CallId)}, {execution.ItemId}, {Storable(execution.ToolName)},
                    {Storable(execution.Arguments)}, {execution.Order}, {execution.Status}, {Storable(execution.ModelText)},
                    {execution.Result?.GetRawText()}::json, {Storable(execution.Error)}, {execution.StartedAt}, {execution.CompletedAt},
                    {execution.ModelCall}, {execution.OutputsBefore})
                ON CONFLICT (response_id, call_id) DO UPDATE SET status = excluded.status, model_text = excluded.model_text,
                    result = excluded.result, error = excluded.error, started_at = excluded.started_at, completed_at = excluded.completed_at
                WHERE tool_executions.status <> excluded.status OR tool_executions.started_at <> excluded.started_at
                """);
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    // What models write may hold NUL, which PostgreSQL's text cannot.
    private static string? Storable(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);
}
