using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Npgsql;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>The queries over registered addresses. Every one names the owner.</summary>
internal sealed class WebhookStore(NpgsqlDataSource database, WebhookSecrets secrets)
{
    /// <summary>Adds an address; false when the owner has as many as allowed.</summary>
    public async Task<bool> AddAsync(Caller owner, Webhook webhook, byte[] secret, int most, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            INSERT INTO webhooks (id, user_id, project_id, url, description, events, enabled, secret, created_at, updated_at)
            SELECT {webhook.Id}, {owner.UserId}, {owner.ProjectId}, {webhook.Url}, {webhook.Description}::text, {webhook.Events}, {webhook.Enabled},
                {secrets.Seal(webhook.Id.Value, secret)}, {webhook.CreatedAt}, {webhook.UpdatedAt}
            WHERE (SELECT count(*) FROM webhooks WHERE user_id = {owner.UserId} AND project_id = {owner.ProjectId}) < {most}
            """,
            ct) > 0;
    }

    public async Task<Webhook?> FindAsync(Caller owner, Id<Webhook> id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            SELECT id, url, description, events, enabled, disabled_reason, previous_until, created_at, updated_at FROM webhooks
            WHERE id = {id} AND user_id = {owner.UserId} AND project_id = {owner.ProjectId}
            """,
            Read,
            ct);
    }

    /// <summary>A page of the owner's addresses and one more.</summary>
    public async Task<List<Webhook>> ListAsync(Caller owner, PageQuery page, CancellationToken ct)
    {
        var (hasAfter, after, ascending, count) = (page.Start is not null, Id<Webhook>.Parse(page.Start), page.Ascending, page.Take + 1);
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ListAsync(
            $"""
            SELECT id, url, description, events, enabled, disabled_reason, previous_until, created_at, updated_at FROM webhooks
            WHERE user_id = {owner.UserId} AND project_id = {owner.ProjectId}
                AND (NOT {hasAfter} OR CASE WHEN {ascending} THEN id > {after} ELSE id < {after} END)
            ORDER BY CASE WHEN {ascending} THEN id END, CASE WHEN NOT {ascending} THEN id END DESC
            LIMIT {count}
            """,
            Read,
            ct);
    }

    /// <summary>Writes what may be changed; false when the owner has none of that id.</summary>
    public async Task<bool> UpdateAsync(Caller owner, Webhook webhook, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            UPDATE webhooks
            SET url = {webhook.Url}, description = {webhook.Description}, events = {webhook.Events}, enabled = {webhook.Enabled},
                disabled_reason = {webhook.DisabledReason}, failing_since = CASE WHEN enabled THEN failing_since END, updated_at = {webhook.UpdatedAt}
            WHERE id = {webhook.Id} AND user_id = {owner.UserId} AND project_id = {owner.ProjectId}
            """,
            ct) > 0;
    }

    public async Task<bool> RemoveAsync(Caller owner, Id<Webhook> id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"DELETE FROM webhooks WHERE id = {id} AND user_id = {owner.UserId} AND project_id = {owner.ProjectId}", ct) > 0;
    }

    /// <summary>Makes <paramref name="secret"/> the current one; the one before signs until <paramref name="until"/>.</summary>
    public async Task<bool> RotateAsync(
        Caller owner, Id<Webhook> id, byte[] secret, DateTimeOffset until, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            UPDATE webhooks
            SET previous_secret = secret, previous_until = {until}, secret = {secrets.Seal(id.Value, secret)}, updated_at = {now}
            WHERE id = {id} AND user_id = {owner.UserId} AND project_id = {owner.ProjectId}
            """,
            ct) > 0;
    }

    private static Webhook Read(NpgsqlDataReader row) => new()
    {
        Id = new(row.GetGuid(0)),
        Url = row.GetString(1),
        Description = row.IsDBNull(2) ? null : row.GetString(2),
        Events = row.GetFieldValue<string[]>(3),
        Enabled = row.GetBoolean(4),
        DisabledReason = row.IsDBNull(5) ? null : row.GetString(5),
        PreviousUntil = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(7),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(8),
    };
}
