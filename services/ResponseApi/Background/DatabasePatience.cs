using JanServer.Data.Connections;

namespace JanServer.ResponseApi.Background;

/// <summary>Tries a write again while the database is away for a moment, so that a fail-over does not cost the runs of a replica.</summary>
internal static class DatabasePatience
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <param name="write">May be called again when it is not known whether it happened.</param>
    /// <param name="most">How long it is tried; then the failure is the caller's.</param>
    public static async Task<T> WriteAsync<T>(Func<Task<T>> write, TimeSpan most, TimeProvider clock, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await write();
            }
            catch (Exception failure) when (DatabaseFailure.IsTransient(failure) && clock.GetElapsedTime(began) < most)
            {
                await Task.Delay(pause, clock, ct);
            }
        }
    }
}
