using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Runs;
using Npgsql;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>Writes down whom to tell that a background response has ended, within the transaction of the end.</summary>
internal sealed class WebhookOutbox(TimeProvider clock)
{
    public async Task AddAsync(NpgsqlConnection connection, Response response, CancellationToken ct)
    {
        var name = $"response.{response.Progress.Status}";
        var caller = response.Caller;
        var targets = await connection.ListAsync(
            $"""
            SELECT id, url FROM webhooks
            WHERE user_id = {caller.UserId} AND project_id = {caller.ProjectId} AND enabled AND {name} = ANY (events)
            """,
            row => ((Guid?)row.GetGuid(0), Url: row.GetString(1)),
            ct);
        if (WebhookTargets.Find(response.Request, name) is { } own)
        {
            targets.Add((null, own));
        }

        if (targets.Count == 0)
        {
            return;
        }

        var (id, now) = (Id<WebhookEvent>.New(clock), clock.GetUtcNow());
        var payload = WebhookPayload.Of(response, id, name, response.Progress.EndedAt ?? now);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (webhook, url) in targets)
        {
            batch.Add(
                $"""
                INSERT INTO webhook_deliveries (id, webhook_id, user_id, project_id, response_id, event_id, event, url, payload, status, next_attempt_at,
                    created_at)
                VALUES ({Id<WebhookDelivery>.New(clock)}, {webhook}, {caller.UserId}, {caller.ProjectId}, {response.Id}, {id}, {name}, {url},
                    {payload}, 'pending', clock_timestamp(), {now})
                """);
        }

        batch.Add($"SELECT pg_notify({Signals.Channel}, {Signals.Webhooks})");
        await batch.ExecuteNonQueryAsync(ct);
    }
}
