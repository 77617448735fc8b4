using JanServer.Data.Connections;
using JanServer.Data.Statements;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.LlmApi.Metering;

/// <summary>
/// Says that this replica lives, and looks after those that no longer say so. A replica is given up when its heartbeat has not moved for
/// as long as this one has watched without a gap: neither clocks that differ nor an outage of the database make anyone look dead.
/// </summary>
internal sealed partial class ReplicaWatch(
    NpgsqlDataSource database,
    OpenExchanges open,
    LostExchanges lost,
    IOptions<UsageOptions> options,
    TimeProvider clock,
    ILogger<ReplicaWatch> logger) : BackgroundService
{
    private readonly Dictionary<Guid, (DateTimeOffset SeenAt, long Since)> _silent = [];

    /// <summary>The first heartbeat comes before the first request, so that no row names a replica that nobody knows.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryBeatAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.Heartbeat, clock, stoppingToken);
            await TryBeatAsync(stoppingToken);
        }
    }

    private async Task TryBeatAsync(CancellationToken ct)
    {
        open.Forget();
        try
        {
            var gone = await BeatAsync(ct);
            if (gone.Count > 0 && await lost.RecordAsync(gone, ct) is > 0 and var count)
            {
                Log.Recorded(logger, count, gone.Count);
            }
        }
        catch (Exception e) when (DatabaseFailure.IsTransient(e) && !ct.IsCancellationRequested)
        {
            // The others may have been unable to say that they live, as this one was.
            _silent.Clear();
            Log.Missed(logger, e.Message);
        }
    }

    private async Task<IReadOnlyCollection<Guid>> BeatAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"INSERT INTO replicas (id) VALUES ({open.Replica}) ON CONFLICT (id) DO UPDATE SET seen_at = now()", ct);
        await open.RefreshAsync(connection, ct);
        var silent = await connection.ListAsync(
            $"""
            SELECT id, seen_at FROM replicas
            WHERE id <> {open.Replica} AND seen_at < now() - {options.Value.Heartbeat}
                AND EXISTS (SELECT FROM open_exchanges WHERE replica_id = replicas.id)
            ORDER BY id
            """,
            row => (Id: row.GetGuid(0), SeenAt: row.GetFieldValue<DateTimeOffset>(1)),
            ct);
        await connection.ExecuteAsync(
            $"""
            DELETE FROM replicas
            WHERE seen_at < now() - interval '1 day' AND NOT EXISTS (SELECT FROM open_exchanges WHERE replica_id = replicas.id)
            """,
            ct);
        return Judge(silent);
    }

    private List<Guid> Judge(List<(Guid Id, DateTimeOffset SeenAt)> silent)
    {
        var now = clock.GetTimestamp();
        foreach (var back in _silent.Keys.Except(silent.Select(one => one.Id)).ToList())
        {
            _silent.Remove(back);
        }

        foreach (var (id, seenAt) in silent)
        {
            if (!_silent.TryGetValue(id, out var known) || known.SeenAt != seenAt)
            {
                _silent[id] = (seenAt, now);
            }
        }

        return [.. _silent.Where(one => clock.GetElapsedTime(one.Value.Since, now) >= options.Value.ReplicaTimeout).Select(one => one.Key)];
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Recorded the usage of {Count} streams that {Replicas} replicas left open")]
        public static partial void Recorded(ILogger logger, int count, int replicas);

        [LoggerMessage(LogLevel.Warning, "This replica could not say that it lives: {Reason}")]
        public static partial void Missed(ILogger logger, string reason);
    }
}
