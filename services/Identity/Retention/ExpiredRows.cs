using JanServer.Identity.Realms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Retention;

/// <summary>
/// Deletes what has expired, in small batches, so that no lock is held for long. Every replica does; rows that another one is deleting
/// are skipped. Used codes stay for a day: until then their reuse is noticed.
/// </summary>
internal sealed partial class ExpiredRows(
    IServiceScopeFactory scopes, IOptions<RealmOptions> options, TimeProvider clock, ILogger<ExpiredRows> logger) : BackgroundService
{
    public const int BatchSize = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CodeMemory = TimeSpan.FromDays(1);

    /// <summary>One round; how many rows are gone, beside those that went with their session.</summary>
    public async Task<int> RemoveAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var idle = now.AddSeconds(-options.Value.Tokens.SessionIdleSeconds);
        var codes = now - CodeMemory;
        return await RemoveAsync(
                $"""
                DELETE FROM sessions WHERE id IN
                    (SELECT id FROM sessions WHERE expires_at <= {now} OR last_access_at <= {idle} LIMIT {BatchSize} FOR UPDATE SKIP LOCKED)
                """,
                ct)
            + await RemoveAsync(
                $"""
                DELETE FROM refresh_tokens WHERE id IN
                    (SELECT id FROM refresh_tokens WHERE expires_at <= {now} LIMIT {BatchSize} FOR UPDATE SKIP LOCKED)
                """,
                ct)
            + await RemoveAsync(
                $"""
                DELETE FROM authorization_codes WHERE code_hash IN
                    (SELECT code_hash FROM authorization_codes WHERE expires_at <= {codes} LIMIT {BatchSize} FOR UPDATE SKIP LOCKED)
                """,
                ct)
            + await RemoveAsync(
                $"""
                DELETE FROM revoked_tokens WHERE jti IN
                    (SELECT jti FROM revoked_tokens WHERE expires_at <= {now} LIMIT {BatchSize} FOR UPDATE SKIP LOCKED)
                """,
                ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Log.Removed(logger, await RemoveAsync(stoppingToken));
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.Failed(logger, failure);
            }
        }
    }

    private async Task<int> RemoveAsync(FormattableString delete, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>().Database;
        var (total, batch) = (0, 0);
        do
        {
            batch = await database.ExecuteSqlAsync(delete, ct);
            total += batch;
        }
        while (batch == BatchSize);

        return total;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Deleted {Rows} expired rows")]
        public static partial void Removed(ILogger logger, int rows);

        [LoggerMessage(LogLevel.Error, "Expired rows could not be deleted; the next try is in ten minutes")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
