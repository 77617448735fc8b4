using JanServer.Data.Connections;
using JanServer.Data.Statements;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.McpTools.Calls;

/// <summary>Deletes idempotency keys whose time is over, and calls that are older than the ledger keeps them, a few at a time.</summary>
internal sealed partial class CallRetention(
    NpgsqlDataSource database, CallKeyStore keys, IOptions<CallOptions> options, TimeProvider clock, ILogger<CallRetention> logger) : BackgroundService
{
    private const int MaxRows = 1000;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(15);

    /// <summary>One round.</summary>
    public async Task RemoveAsync(CancellationToken ct)
    {
        while (await keys.RemoveExpiredAsync(MaxRows, ct) == MaxRows)
        {
            ct.ThrowIfCancellationRequested();
        }

        if (options.Value.RetentionDays is { } days)
        {
            await RemoveCallsAsync(clock.GetUtcNow().AddDays(-days), ct);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RemoveAsync(stoppingToken);
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e) && !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e.GetType().Name);
            }
        }
    }

    private async Task RemoveCallsAsync(DateTimeOffset before, CancellationToken ct)
    {
        var first = UsageRange.FirstIdOf(before);
        await using var connection = await database.OpenConnectionAsync(ct);
        int deleted;
        do
        {
            deleted = await connection.ExecuteAsync(
                $"""
                DELETE FROM tool_calls WHERE id IN (
                    SELECT id FROM tool_calls WHERE id < {first} ORDER BY id LIMIT {MaxRows} FOR UPDATE SKIP LOCKED)
                """,
                ct);
        }
        while (deleted == MaxRows);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Old calls could not be deleted now: {Failure}")]
        public static partial void Failed(ILogger logger, string failure);
    }
}
