using JanServer.Data.Statements;
using JanServer.ResponseApi.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.ResponseApi.EventLog;

/// <summary>
/// Forgets, a batch at a time, the events of responses that ended long ago, and the responses themselves when the operator wants that.
/// </summary>
internal sealed partial class EventPruning(
    NpgsqlDataSource database, IOptions<BackgroundOptions> options, TimeProvider clock, ILogger<EventPruning> logger) : BackgroundService
{
    private const int BatchSize = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>One round; how many events are gone.</summary>
    public async Task<int> PruneAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - TimeSpan.FromHours(options.Value.EventHours);
        var total = 0;
        while (true)
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            var gone = await connection.ExecuteAsync(
                $"""
                DELETE FROM response_events WHERE response_id IN (
                    SELECT id FROM responses
                    WHERE background AND ended_at < {before} AND next_sequence > 0
                        AND EXISTS (SELECT 1 FROM response_events AS event WHERE event.response_id = responses.id)
                    LIMIT {BatchSize})
                """,
                ct);
            total += gone;
            if (gone == 0)
            {
                return total;
            }
        }
    }

    /// <summary>One round over the responses; how many are gone.</summary>
    public async Task<int> RetireAsync(CancellationToken ct)
    {
        if (options.Value.RetentionDays == 0)
        {
            return 0;
        }

        var before = clock.GetUtcNow() - TimeSpan.FromDays(options.Value.RetentionDays);
        var total = 0;
        while (true)
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            var gone = await connection.ExecuteAsync(
                $"""
                DELETE FROM responses WHERE id IN (
                    SELECT id FROM responses WHERE ended_at < {before} LIMIT {BatchSize} FOR UPDATE SKIP LOCKED)
                """,
                ct);
            total += gone;
            if (gone == 0)
            {
                return total;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PruneAsync(stoppingToken);
                await RetireAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, failure);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Old events could not be removed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
