using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>
/// Keeps the issuer's keys: fetched in the background, again when a token names an unknown key, at most one fetch at a time. While
/// the issuer is down the last good keys stay in use.
/// </summary>
internal sealed partial class JwksClient(
    JwksDownload download,
    IOptions<JwtOptions> options,
    TimeProvider clock,
    ILogger<JwksClient> logger)
    : BackgroundService
{
    /// <summary>Between two fetches that unknown keys ask for: anyone can invent key ids.</summary>
    internal static readonly TimeSpan UnknownKeyInterval = TimeSpan.FromSeconds(30);

    /// <summary>Between two attempts while there are no keys at all.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile KeySet? _keys;
    private Task<KeySet?>? _fetch;
    private long? _lastAttempt;
    private long? _lastForced;

    /// <summary>The keys, or null when they could never be fetched.</summary>
    public ValueTask<KeySet?> GetAsync(CancellationToken ct) =>
        _keys is { } keys ? new(keys) : new(FetchAsync(forced: false).WaitAsync(ct));

    /// <summary>The keys after one more fetch, unless there was one for the same reason just now.</summary>
    public ValueTask<KeySet?> RefreshAsync(CancellationToken ct) => new(FetchAsync(forced: true).WaitAsync(ct));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var refresh = TimeSpan.FromSeconds(options.Value.RefreshSeconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            var keys = await FetchAsync(forced: false).WaitAsync(stoppingToken);
            await Task.Delay(keys is null ? RetryInterval * 2 : refresh, clock, stoppingToken);
        }
    }

    private Task<KeySet?> FetchAsync(bool forced)
    {
        lock (_lock)
        {
            if (_fetch is { IsCompleted: false })
            {
                return _fetch;
            }

            var (last, interval) = forced ? (_lastForced, UnknownKeyInterval) : (_lastAttempt, RetryInterval);
            if (last is { } at && clock.GetElapsedTime(at) < interval)
            {
                return Task.FromResult(_keys);
            }

            _lastAttempt = clock.GetTimestamp();
            _lastForced = forced ? _lastAttempt : _lastForced;
            return _fetch = RunAsync();
        }
    }

    // Not with a caller's token: others wait for the same fetch.
    private async Task<KeySet?> RunAsync()
    {
        try
        {
            var keys = await download.GetAsync();
            _keys = keys;
            Log.Fetched(logger, keys.Count);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or InvalidDataException)
        {
            if (_keys is null)
            {
                Log.NoKeys(logger, exception);
            }
            else
            {
                Log.KeepsOldKeys(logger, exception);
            }
        }

        return _keys;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Fetched {Count} keys of the issuer")]
        public static partial void Fetched(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "The issuer's keys cannot be fetched; the ones fetched before stay in use")]
        public static partial void KeepsOldKeys(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "The issuer's keys cannot be fetched; no access token can be checked until they are")]
        public static partial void NoKeys(ILogger logger, Exception exception);
    }
}
