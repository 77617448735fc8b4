using JanServer.Data.Connections;
using JanServer.Data.Statements;
using JanServer.LlmApi.Usage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.LlmApi.Metering;

/// <summary>Deletes records of requests that are older than <see cref="UsageOptions.RetentionDays"/>, a few at a time.</summary>
internal sealed partial class UsageRetention(
    NpgsqlDataSource database, IOptions<UsageOptions> options, TimeProvider clock, ILogger<UsageRetention> logger) : BackgroundService
{
    private const int MaxRows = 2000;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.RetentionDays is not { } days)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DeleteAsync(clock.GetUtcNow().AddDays(-days), stoppingToken);
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e) && !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e.Message);
            }

            await Task.Delay(Period, clock, stoppingToken);
        }
    }

    private async Task DeleteAsync(DateTimeOffset before, CancellationToken ct)
    {
        var first = UsageRow.FirstIdOf(before).Value;
        await using var connection = await database.OpenConnectionAsync(ct);
        int deleted;
        do
        {
            deleted = await connection.ExecuteAsync(
                $"""
                WITH old AS MATERIALIZED (SELECT id FROM usage_records WHERE id < {first} ORDER BY id LIMIT {MaxRows} FOR UPDATE SKIP LOCKED)
                DELETE FROM usage_records USING old WHERE usage_records.id = old.id
                """,
                ct);
        }
        while (deleted == MaxRows);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Old usage records could not be deleted now: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
