using System.Net;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;
using Npgsql;

namespace JanServer.ResponseApi.Contexts;

/// <summary>
/// Brings items to their conversations, at least once; llm-api keeps an item of a known id as it is, so that it is there once. A row is
/// taken by raising when it is due next, and is gone when its items are there, or when they cannot be there any more.
/// </summary>
internal sealed partial class ConversationAppends(
    NpgsqlDataSource database, ConversationClient conversations, TimeProvider clock, ILogger<ConversationAppends> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // How long who took a row has for it; then another may.
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    // About two days.
    private const int MaxAttempts = 300;

    /// <summary>Tries at once, so that the next turn of the client finds the items; if that fails, the outbox goes on.</summary>
    public async Task TryNowAsync(Id<Response> response, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            if (await TakeAsync(response.Value, patience.Token) is { } append)
            {
                await DeliverAsync(append, patience.Token);
            }
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            // The response has ended well: that its items are late is not its failure.
            Log.Later(logger, failure);
        }
    }

    /// <summary>Brings everything that is due; returns how many rows that were.</summary>
    public async Task<int> RunDueAsync(CancellationToken ct)
    {
        var count = 0;
        while (await TakeAsync(response: null, ct) is { } append)
        {
            await DeliverAsync(append, ct);
            count++;
        }

        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunDueAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(logger, failure);
            }
        }
    }

    private async Task<Append?> TakeAsync(Guid? response, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            UPDATE conversation_appends SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + {Turn}
            WHERE response_id = (
                SELECT response_id FROM conversation_appends
                WHERE next_attempt_at <= clock_timestamp() AND ({response}::uuid IS NULL OR response_id = {response}::uuid)
                ORDER BY next_attempt_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING response_id, caller, conversation_id, items, done, attempts
            """,
            row => new Append(
                row.GetGuid(0),
                StoredCaller.Read(row.GetString(1)),
                row.GetString(2),
                StoredItem.ReadPlain(row.GetString(3)),
                row.GetInt32(4),
                row.GetInt32(5)),
            ct);
    }

    private async Task DeliverAsync(Append append, CancellationToken ct)
    {
        var done = append.Done;
        try
        {
            while (done < append.Items.Count)
            {
                var batch = append.Items.GetRange(done, Math.Min(ConversationClient.MaxAppended, append.Items.Count - done));
                if (!await AddAsync(append, batch, ct))
                {
                    await PostponeAsync(append, done, ct);
                    return;
                }

                done += batch.Count;
            }
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Log.Later(logger, failure);
            await PostponeAsync(append, done, ct);
            return;
        }

        await RemoveAsync(append, ct);
    }

    /// <summary>Adds a batch; one by one when it is not wanted as a whole. False when it is worth to try again later.</summary>
    private async Task<bool> AddAsync(Append append, List<JsonElement> batch, CancellationToken ct)
    {
        var status = await conversations.AppendAsync(append.Caller, append.Conversation, batch, ct);
        switch (status)
        {
            case HttpStatusCode.Conflict or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge when batch.Count > 1:
                foreach (var item in batch)
                {
                    if (!await AddAsync(append, [item], ct))
                    {
                        return false;
                    }
                }

                return true;
            case HttpStatusCode.Conflict or HttpStatusCode.NotFound:
                return true;
            case HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge:
                Log.Refused(logger, new Id<Response>(append.Response), (int)status);
                return true;
            default:
                return (int)status < 300;
        }
    }

    private async Task PostponeAsync(Append append, int done, CancellationToken ct)
    {
        if (append.Attempts >= MaxAttempts)
        {
            Log.GivenUp(logger, new Id<Response>(append.Response));
            await RemoveAsync(append, ct);
            return;
        }

        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(append.Attempts - 1, 10)));
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"""
            UPDATE conversation_appends SET done = {done}, next_attempt_at = clock_timestamp() + {pause}
            WHERE response_id = {append.Response} AND attempts = {append.Attempts}
            """,
            ct);
    }

    private async Task RemoveAsync(Append append, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync($"DELETE FROM conversation_appends WHERE response_id = {append.Response}", ct);
    }

    private sealed record Append(Guid Response, Caller Caller, string Conversation, List<JsonElement> Items, int Done, int Attempts);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Items could not be added to their conversation; they are tried again")]
        public static partial void Later(ILogger logger, Exception failure);

        [LoggerMessage(LogLevel.Error, "An item of {Response} is not in its conversation: llm-api refused it with {Status}")]
        public static partial void Refused(ILogger logger, Id<Response> response, int status);

        [LoggerMessage(LogLevel.Error, "The items of {Response} are not in their conversation: too many attempts failed")]
        public static partial void GivenUp(ILogger logger, Id<Response> response);
    }
}
