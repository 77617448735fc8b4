using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Secrets;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.ResponseApi.Responses;

/// <summary>What a list of responses is narrowed by; null for what does not matter.</summary>
internal sealed record ResponseFilter(string? Status, string? Model, bool? Background, string? Conversation);

/// <summary>The writes and lists of the owner of responses. What a run writes is in <see cref="RunStore"/>.</summary>
internal sealed class ResponseStore(NpgsqlDataSource database, SecretBox secrets, IOptions<BackgroundOptions> options)
{
    /// <summary>Stores a response that runs here, under a lease.</summary>
    public async Task AddRunningAsync(Response response, Guid lease, CancellationToken ct)
    {
        var row = Row.Of(response, secrets, keepContext: false);
        var until = options.Value.LeaseTime;
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO responses (id, user_id, organization_id, project_id, caller, model, body, background, previous_response_id,
                conversation_id, input, status, created_at, started_at, attempts, lease, lease_until)
            VALUES ({response.Id}, {response.Caller.UserId}, {response.Caller.OrganizationId}, {response.Caller.ProjectId}, {row.Caller}::json,
                {response.Request.Model}, {row.Body}::json, false, {row.Previous}, {response.ConversationId}, {row.Input}::json, 'in_progress',
                {response.CreatedAt}, {response.CreatedAt}, 1, {lease}, clock_timestamp() + {until})
            """,
            ct);
    }

    /// <summary>Puts a response into the queue, with the first events of its stream; false when the queue, or the user's part of it, is full.</summary>
    public async Task<bool> EnqueueAsync(Response response, CancellationToken ct)
    {
        var row = Row.Of(response, secrets, keepContext: true);
        var (max, maxOfUser) = (options.Value.MaxQueued, options.Value.MaxQueuedPerUser);

        // OpenAI's cheap tier, which runs when nothing else does. None runs before others: that would be for everybody to take.
        var priority = response.Request.ServiceTier == "flex" ? (short)-1 : (short)0;
        ResponseEvent[] first = [QueueEvents.Make(response, "response.created"), QueueEvents.Make(response, "response.queued")];
        var sequences = Array.ConvertAll(first, happened => happened.SequenceNumber);
        var types = Array.ConvertAll(first, happened => happened.Type);
        var data = Array.ConvertAll(first, happened => happened.Data.ToArray());
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            WITH added AS (
                INSERT INTO responses (id, user_id, organization_id, project_id, caller, model, body, secrets, background, previous_response_id,
                    conversation_id, context, input, status, next_sequence, priority, created_at,
                    queued_at)
                SELECT {response.Id}, {response.Caller.UserId}, {response.Caller.OrganizationId}, {response.Caller.ProjectId}, {row.Caller}::json,
                    {response.Request.Model}, {row.Body}::json, {row.Secrets}::bytea, true, {row.Previous}::uuid, {response.ConversationId}::text,
                    {row.Context}::json, {row.Input}::json, 'queued',
                    {response.Progress.NextSequenceNumber}, {priority}, {response.CreatedAt}, {response.CreatedAt}
                WHERE (SELECT count(*) FROM (SELECT 1 FROM responses WHERE status = 'queued' LIMIT {max}) AS all_queued) < {max}
                    AND (SELECT count(*) FROM (SELECT 1 FROM responses
                        WHERE user_id = {response.Caller.UserId} AND background AND status = 'queued' LIMIT {maxOfUser}) AS own_queued) < {maxOfUser}
                RETURNING id
            ), shown AS (
                INSERT INTO response_events (response_id, sequence, type, data)
                SELECT added.id, event.* FROM added, unnest({sequences}, {types}, {data}) AS event
            )
            SELECT true, pg_notify({Signals.Channel}, {Signals.Queued}) FROM added
            """,
            row => row.GetBoolean(0),
            ct);
    }

    /// <summary>The ids of a page of the owner's responses and one more.</summary>
    public async Task<List<Guid>> ListAsync(Caller owner, ResponseFilter filter, PageQuery page, CancellationToken ct)
    {
        var after = Id<Response>.Parse(page.Start);
        var hasAfter = page.Start is not null;
        var count = page.Take + 1;
        await using var connection = await database.OpenConnectionAsync(ct);
        return page.Ascending
            ? await connection.ListAsync(
                $"""
                SELECT id FROM responses
                WHERE user_id = {owner.UserId} AND project_id = {owner.ProjectId}
                    AND (NOT {hasAfter} OR id > {after})
                    AND ({filter.Status}::text IS NULL OR status = {filter.Status}::text)
                    AND ({filter.Model}::text IS NULL OR model = {filter.Model}::text)
                    AND ({filter.Background}::boolean IS NULL OR background = {filter.Background}::boolean)
                    AND ({filter.Conversation}::text IS NULL OR conversation_id = {filter.Conversation}::text)
                ORDER BY id LIMIT {count}
                """,
                row => row.GetGuid(0),
                ct)
            : await connection.ListAsync(
                $"""
                SELECT id FROM responses
                WHERE user_id = {owner.UserId} AND project_id = {owner.ProjectId}
                    AND (NOT {hasAfter} OR id < {after})
                    AND ({filter.Status}::text IS NULL OR status = {filter.Status}::text)
                    AND ({filter.Model}::text IS NULL OR model = {filter.Model}::text)
                    AND ({filter.Background}::boolean IS NULL OR background = {filter.Background}::boolean)
                    AND ({filter.Conversation}::text IS NULL OR conversation_id = {filter.Conversation}::text)
                ORDER BY id DESC LIMIT {count}
                """,
                row => row.GetGuid(0),
                ct);
    }

    /// <summary>Forgets a response with its events and tool calls; false when the owner has none of that id.</summary>
    public async Task<bool> RemoveAsync(Caller owner, Id<Response> id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"DELETE FROM responses WHERE id = {id} AND user_id = {owner.UserId} AND project_id = {owner.ProjectId}", ct) > 0;
    }

    /// <summary>How many run before a queued response, and this one: 1 for the next. Null when it does not wait.</summary>
    public async Task<int?> QueuePositionAsync(Id<Response> id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync<int?>(
            $"""
            SELECT count(*)::integer FROM responses AS ahead, responses AS own
            WHERE own.id = {id} AND own.status = 'queued' AND ahead.status = 'queued'
                AND (ahead.priority > own.priority
                    OR (ahead.priority = own.priority AND (ahead.queued_at, ahead.id) <= (own.queued_at, own.id)))
            """,
            row => row.GetInt32(0) is > 0 and var position ? position : null,
            ct);
    }

    /// <summary>The columns that are JSON or encrypted.</summary>
    private sealed record Row(string Caller, string Body, byte[]? Secrets, Guid? Previous, string? Context, string Input)
    {
        public static Row Of(Response response, SecretBox box, bool keepContext)
        {
            var (body, plain) = RequestSecrets.Split(response.Request.Body);
            var previous = Id<Response>.Parse(response.Request.PreviousResponseId);
            return new(
                StoredCaller.Write(response.Caller),
                body.GetRawText(),
                plain is null ? null : box.Seal(ResponseQueries.SecretPurpose, response.Id.ToString(), plain),
                previous.IsNone ? null : previous.Value,
                keepContext ? StoredItem.Write(response.Context) : null,
                StoredItem.Write(response.Input));
        }
    }
}
