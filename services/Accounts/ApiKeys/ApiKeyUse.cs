using System.Collections.Concurrent;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.ApiKeys;

/// <summary>
/// Keeps when keys were last used, in memory between two writes: however often a key is used, it costs one row of one
/// statement a minute, and no request waits for it. A crash loses at most that minute.
/// </summary>
internal sealed partial class ApiKeyUse(
    IServiceScopeFactory scopes, IOptions<ApiKeyOptions> options, TimeProvider clock, ILogger<ApiKeyUse> logger)
    : BackgroundService
{
    private readonly ConcurrentDictionary<Id<ApiKeyRef>, DateTimeOffset> _used = new();

    public void Record(Id<ApiKeyRef> key, DateTimeOffset at) => _used[key] = at;

    /// <summary>Writes what is not written yet. What cannot be written stays for the next time.</summary>
    public async Task WriteAsync(CancellationToken ct)
    {
        var used = _used.ToArray();
        if (used.Length == 0)
        {
            return;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ApiKeyStore>().MarkUsedAsync(
                [.. used.Select(use => use.Key.Value)],
                [.. used.Select(use => use.Value)],
                ct);
            foreach (var use in used)
            {
                // Removes the pair only if the time is still the one just written.
                _used.TryRemove(use);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.NotWritten(logger, e, used.Length);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.UseWrittenEverySeconds), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync writes the rest.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The last use of {Keys} API keys could not be written yet")]
        public static partial void NotWritten(ILogger logger, Exception exception, int keys);
    }
}
