using JanServer.Data.Statements;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Webhooks;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.ResponseApi.Background;

/// <summary>
/// The end of a response, in one transaction: its status, the last event of its stream, the items for its conversation and the webhooks. A
/// response ends once, whatever happens at the same time.
/// </summary>
internal sealed class RunEnds(
    NpgsqlDataSource database, ConversationOutbox conversations, WebhookOutbox webhooks, IOptions<BackgroundOptions> options, TimeProvider clock)
{
    /// <summary>Ends a run as its progress says; false when it is not this lease's any more. A database that is away is waited for, for a lease's time.</summary>
    public Task<bool> FinishAsync(Response response, Guid lease, ResponseEvent? last, CancellationToken ct) =>
        DatabasePatience.WriteAsync(() => WriteAsync(response, lease, last, ct), options.Value.LeaseTime, clock, ct);

    private async Task<bool> WriteAsync(Response response, Guid lease, ResponseEvent? last, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await RunStore.SaveAsync(connection, response, lease, ResponseStatus.InProgress, response.Progress.Status, ct) == 0)
        {
            return false;
        }

        await EndAsync(connection, response, last, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Sends the items of a response that is not stored on their way to its conversation.</summary>
    public async Task FinishUnstoredAsync(Response response, CancellationToken ct)
    {
        if (response.ConversationId is not null)
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await conversations.AddAsync(connection, response, ct);
        }
    }

    /// <summary>
    /// Cancels a response that waits or runs, wherever. Whoever runs it learns of it, and can write nothing but what it had made until then.
    /// </summary>
    /// <returns>False when it had ended before, or is gone.</returns>
    public async Task<bool> CancelAsync(Caller owner, Response response, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // First the lock, then the look at the log: events that were being written are in it by then, and no more come.
        await connection.ExecuteAsync($"SELECT 1 FROM responses WHERE id = {response.Id} FOR UPDATE", ct);
        var sequence = await connection.FirstOrDefaultAsync<long?>(
            $"""
            UPDATE responses SET status = 'cancelled'
            WHERE id = {response.Id} AND user_id = {owner.UserId} AND project_id = {owner.ProjectId} AND status IN ('queued', 'in_progress')
            RETURNING greatest(next_sequence, (SELECT coalesce(max(sequence) + 1, 0) FROM response_events WHERE response_id = responses.id))
            """,
            row => row.GetInt64(0),
            ct);
        if (sequence is not { } next)
        {
            return false;
        }

        response.Progress.Cancel(now);
        response.Progress.NextSequenceNumber = next;
        await connection.ExecuteAsync(
            $"UPDATE tool_executions SET status = 'cancelled', completed_at = {now} WHERE response_id = {response.Id} AND status = 'in_progress'", ct);
        await EndAsync(connection, response, EndEvents.For(response), ct);
        await connection.ExecuteAsync($"SELECT pg_notify({Signals.Channel}, {Signals.CancelOf(response.Id.Value)})", ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task EndAsync(NpgsqlConnection connection, Response response, ResponseEvent? last, CancellationToken ct)
    {
        var ended = response.Progress.EndedAt ??= clock.GetUtcNow();
        await connection.ExecuteAsync(
            $"UPDATE responses SET ended_at = {ended}, context = NULL, secrets = NULL, lease_until = NULL WHERE id = {response.Id}", ct);
        await AddItemsAsync(connection, response, ct);
        await conversations.AddAsync(connection, response, ct);
        if (!response.Request.Background)
        {
            return;
        }

        if (last is not null)
        {
            await connection.ExecuteAsync(
                $"""
                INSERT INTO response_events (response_id, sequence, type, data)
                VALUES ({response.Id}, {last.SequenceNumber}, {last.Type}, {last.Data.ToArray()})
                ON CONFLICT DO NOTHING
                """,
                ct);
        }

        await webhooks.AddAsync(connection, response, ct);
        await connection.ExecuteAsync($"SELECT pg_notify({Signals.Channel}, {Signals.EventsOf(response.Id.Value)})", ct);
    }

    private static async Task AddItemsAsync(NpgsqlConnection connection, Response response, CancellationToken ct)
    {
        var ids = response.Input.Select(item => item.Item).Concat(response.Progress.Output).Select(item => item.Text("id")).OfType<string>().ToArray();
        await connection.ExecuteAsync(
            $"INSERT INTO response_items (response_id, item_id) SELECT {response.Id}, * FROM unnest({ids}) ON CONFLICT DO NOTHING", ct);
    }
}
