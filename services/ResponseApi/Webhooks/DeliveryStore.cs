using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Npgsql;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>A message that this replica has taken.</summary>
/// <param name="Number">Which attempt this is, from 1.</param>
internal sealed record DueDelivery(
    Guid Id, Guid? WebhookId, Guid UserId, Guid ProjectId, Guid ResponseId, Guid EventId, string Event, string Url, byte[] Payload, int Number);

/// <summary>The secrets of an address, encrypted, and whether it is told.</summary>
internal sealed record WebhookSigning(bool Enabled, byte[] Secret, byte[]? Previous, DateTimeOffset? PreviousUntil);

/// <summary>The outbox and log of messages. Messages are due by the database's clock; who takes one raises that time.</summary>
internal sealed class DeliveryStore(NpgsqlDataSource database)
{
    // Longer than any attempt takes.
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(5);

    /// <summary>Takes a message that is due; null when there is none.</summary>
    public async Task<DueDelivery?> TakeAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            UPDATE webhook_deliveries SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + {Turn}
            WHERE status = 'pending' AND id = (
                SELECT id FROM webhook_deliveries
                WHERE status = 'pending' AND next_attempt_at <= clock_timestamp()
                ORDER BY next_attempt_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING id, webhook_id, user_id, project_id, response_id, event_id, event, url, payload, attempts
            """,
            row => new DueDelivery(
                row.GetGuid(0),
                row.IsDBNull(1) ? null : row.GetGuid(1),
                row.GetGuid(2),
                row.GetGuid(3),
                row.GetGuid(4),
                row.GetGuid(5),
                row.GetString(6),
                row.GetString(7),
                row.GetFieldValue<byte[]>(8),
                row.GetInt32(9)),
            ct);
    }

    public async Task<WebhookSigning?> FindSigningAsync(Guid webhook, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"SELECT enabled, secret, previous_secret, previous_until FROM webhooks WHERE id = {webhook}",
            row => new WebhookSigning(
                row.GetBoolean(0),
                row.GetFieldValue<byte[]>(1),
                row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3)),
            ct);
    }

    /// <summary>Notes an attempt and what follows from it.</summary>
    /// <param name="status">The message's status from now on.</param>
    /// <param name="pause">Until the next attempt, while it is pending.</param>
    public async Task NoteAsync(
        DueDelivery delivery, WebhookAttempt attempt, string status, TimeSpan pause, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        DateTimeOffset? ended = status == "pending" ? null : now;
        batch.Add(
            $"""
            INSERT INTO webhook_attempts (delivery_id, attempt, at, status_code, error, duration_ms)
            SELECT {delivery.Id}, {attempt.Number}, {attempt.At}, {attempt.StatusCode}::integer, {attempt.Error}::text, {attempt.DurationMs}
            WHERE EXISTS (SELECT 1 FROM webhook_deliveries WHERE id = {delivery.Id})
            ON CONFLICT DO NOTHING
            """);
        batch.Add(
            $"""
            UPDATE webhook_deliveries SET status = {status}, next_attempt_at = clock_timestamp() + {pause}, ended_at = {ended}
            WHERE id = {delivery.Id} AND attempts = {attempt.Number}
            """);
        if (delivery.WebhookId is { } webhook)
        {
            var isGood = status == "delivered";
            batch.Add(
                $"""
                UPDATE webhooks SET failing_since = CASE WHEN {isGood} THEN NULL ELSE coalesce(failing_since, {now}) END
                WHERE id = {webhook} AND (failing_since IS NOT NULL OR NOT {isGood})
                """);
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Switches an address off that has failed since <paramref name="since"/> or longer; always when that is null.</summary>
    public async Task DisableAsync(Guid webhook, DateTimeOffset? since, string reason, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"""
            UPDATE webhooks SET enabled = false, disabled_reason = {reason}
            WHERE id = {webhook} AND enabled AND ({since}::timestamptz IS NULL OR failing_since <= {since}::timestamptz)
            """,
            ct);
    }

    /// <summary>A page of the messages to an address of the owner, and one more.</summary>
    public async Task<List<WebhookDelivery>> ListAsync(Caller owner, Id<Webhook> webhook, PageQuery page, CancellationToken ct)
    {
        var (hasAfter, after, ascending, count) = (page.Start is not null, Id<WebhookDelivery>.Parse(page.Start), page.Ascending, page.Take + 1);
        await using var connection = await database.OpenConnectionAsync(ct);
        var deliveries = await connection.ListAsync(
            $"""
            SELECT id, event_id, response_id, event, status, next_attempt_at, created_at, ended_at FROM webhook_deliveries
            WHERE webhook_id = {webhook} AND user_id = {owner.UserId} AND project_id = {owner.ProjectId}
                AND (NOT {hasAfter} OR CASE WHEN {ascending} THEN id > {after} ELSE id < {after} END)
            ORDER BY CASE WHEN {ascending} THEN id END, CASE WHEN NOT {ascending} THEN id END DESC
            LIMIT {count}
            """,
            Read,
            ct);
        var ids = deliveries.Select(delivery => delivery.Id.Value).ToArray();
        var attempts = await connection.ListAsync(
            $"""
            SELECT delivery_id, attempt, at, status_code, error, duration_ms FROM webhook_attempts
            WHERE delivery_id = ANY ({ids}) ORDER BY delivery_id, attempt
            """,
            row => (Delivery: row.GetGuid(0), Attempt: ReadAttempt(row)),
            ct);
        var byId = deliveries.ToDictionary(delivery => delivery.Id.Value);
        attempts.ForEach(row => byId[row.Delivery].Attempts.Add(row.Attempt));
        return deliveries;
    }

    /// <summary>Puts the same message on its way again, as a delivery of its own; null when the owner has none of that id.</summary>
    public async Task<WebhookDelivery?> RepeatAsync(
        Caller owner, Id<Webhook> webhook, Id<WebhookDelivery> delivery, Id<WebhookDelivery> repeated, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            WITH repeated AS (
                INSERT INTO webhook_deliveries (id, webhook_id, user_id, project_id, response_id, event_id, event, url, payload, status, next_attempt_at,
                    created_at)
                SELECT {repeated}, old.webhook_id, old.user_id, old.project_id, old.response_id, old.event_id, old.event, hook.url, old.payload,
                    'pending', clock_timestamp(), {now}
                FROM webhook_deliveries AS old JOIN webhooks AS hook ON hook.id = old.webhook_id
                WHERE old.id = {delivery} AND hook.id = {webhook} AND hook.user_id = {owner.UserId} AND hook.project_id = {owner.ProjectId}
                RETURNING id, event_id, response_id, event, status, next_attempt_at, created_at, ended_at
            )
            SELECT repeated.*, pg_notify({Background.Signals.Channel}, {Background.Signals.Webhooks}) FROM repeated
            """,
            Read,
            ct);
    }

    /// <summary>Forgets what ended before a time; returns how many messages.</summary>
    public async Task<int> PruneAsync(DateTimeOffset before, int count, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            DELETE FROM webhook_deliveries WHERE id IN (
                SELECT id FROM webhook_deliveries WHERE ended_at < {before} LIMIT {count} FOR UPDATE SKIP LOCKED)
            """,
            ct);
    }

    private static WebhookDelivery Read(NpgsqlDataReader row) => new()
    {
        Id = new(row.GetGuid(0)),
        EventId = new(row.GetGuid(1)),
        ResponseId = new(row.GetGuid(2)),
        Event = row.GetString(3),
        Status = row.GetString(4),
        NextAttemptAt = row.GetString(4) == "pending" ? row.GetFieldValue<DateTimeOffset>(5) : null,
        CreatedAt = row.GetFieldValue<DateTimeOffset>(6),
        EndedAt = row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
    };

    private static WebhookAttempt ReadAttempt(NpgsqlDataReader row) => new(
        row.GetInt32(1),
        row.GetFieldValue<DateTimeOffset>(2),
        row.IsDBNull(3) ? null : row.GetInt32(3),
        row.IsDBNull(4) ? null : row.GetString(4),
        row.GetInt32(5));
}
