using JanServer.MediaApi.Files;
using JanServer.MediaApi.Objects;

namespace JanServer.MediaApi.Retention;

/// <summary>
/// Deletes files whose time is over, and files that no row names because a process ended between the two. Every replica does; rows that
/// another one is deleting are skipped.
/// </summary>
internal sealed partial class ExpiredMedia(
    IServiceScopeFactory scopes, FileStore files, TimeProvider clock, ILogger<ExpiredMedia> logger) : BackgroundService
{
    public const int BatchSize = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // Longer than any upload: what is younger may be about to get its row.
    private static readonly TimeSpan UploadTime = TimeSpan.FromHours(6);

    /// <summary>One round; how many files are gone.</summary>
    public async Task<int> RemoveAsync(CancellationToken ct) =>
        await RemoveExpiredAsync(ct) + await RemoveAbandonedAsync(ct);

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

    private async Task<int> RemoveExpiredAsync(CancellationToken ct)
    {
        var total = 0;
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            var expired = await scope.ServiceProvider.GetRequiredService<MediaStore>().RemoveExpiredAsync(clock.GetUtcNow(), BatchSize, ct);
            expired.ForEach(files.Remove);
            total += expired.Count;
            if (expired.Count < BatchSize)
            {
                return total;
            }
        }
    }

    private async Task<int> RemoveAbandonedAsync(CancellationToken ct)
    {
        var before = (clock.GetUtcNow() - UploadTime).UtcDateTime;
        var total = files.AbandonBefore(before);
        foreach (var folder in files.Before(before))
        {
            await using var scope = scopes.CreateAsyncScope();
            var named = await scope.ServiceProvider.GetRequiredService<MediaStore>().ExistingAsync(folder, ct);
            foreach (var id in folder.Where(id => !named.Contains(id)))
            {
                files.Remove(id);
                total++;
            }
        }

        return total;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Removed {Count} files whose time is over")]
        public static partial void Removed(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "Files whose time is over could not be removed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
