using System.Runtime.CompilerServices;
using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.ResponseApi.EventLog;

/// <summary>
/// Reads the stream of a background response, from any event on, on any replica. Only what is committed is read, in the order of the
/// numbers, so that no event is lost or comes twice however often a client comes back.
/// </summary>
internal sealed class EventLogReader(NpgsqlDataSource database, Signals signals, IOptions<BackgroundOptions> options)
{
    private const int PageSize = 500;

    // News come by NOTIFY; this is for when they do not.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    /// <summary>Whether the events of the response are there (still).</summary>
    public async Task<bool> HasEventsAsync(Id<Response> id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            SELECT background AND (ended_at IS NULL OR EXISTS (SELECT 1 FROM response_events WHERE response_id = responses.id))
            FROM responses WHERE id = {id}
            """,
            row => row.GetBoolean(0),
            ct);
    }

    /// <summary>The events after one, then those that happen, until the response has ended. The owner is checked by who calls.</summary>
    public async IAsyncEnumerable<ResponseEvent> ReadAsync(Id<Response> id, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        var poll = options.Value.Poll < LongestPoll ? options.Value.Poll : LongestPoll;
        using var news = signals.Subscribe(id.Value);
        while (true)
        {
            var next = news.Pulse.Next;

            // The status before the events: what is logged before an end is then seen with it.
            var ended = await HasEndedAsync(id, ct);
            var page = await PageAsync(id, after, ct);
            foreach (var happened in page)
            {
                after = happened.SequenceNumber;
                yield return happened;
            }

            if (page.Count == PageSize)
            {
                continue;
            }

            if (ended)
            {
                yield break;
            }

            await Pulse.WaitAsync(next, poll, ct);
            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> HasEndedAsync(Id<Response> id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var status = await connection.FirstOrDefaultAsync($"SELECT status FROM responses WHERE id = {id}", row => row.GetString(0), ct);
        return status is null || ResponseStatus.IsFinal(status);
    }

    private async Task<List<ResponseEvent>> PageAsync(Id<Response> id, long after, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ListAsync(
            $"""
            SELECT type, sequence, data FROM response_events
            WHERE response_id = {id} AND sequence > {after}
            ORDER BY sequence LIMIT {PageSize}
            """,
            row => new ResponseEvent(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
            ct);
    }
}
