using JanServer.Data.Connections;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>
/// Brings the stored providers into use, again and again: so a change made through one replica reaches the others, and a provider that
/// was added while the database was away is found when it is back.
/// </summary>
internal sealed partial class StoredProviders(
    ProviderRegistry registry,
    ProviderKeys keys,
    ModelRefresh refresh,
    IServiceScopeFactory scopes,
    IOptions<Upstreams.UpstreamOptions> options,
    TimeProvider clock,
    ILogger<StoredProviders> logger) : BackgroundService
{
    /// <summary>Reads the table now.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<ProviderStore>().ListAsync(ct);
        var settings = rows.Where(row => row.Enabled).Select(Settings).OfType<ProviderSettings>().ToList();
        if (registry.Replace(ProviderSource.Database, settings).Count > 0)
        {
            refresh.Hurry();
        }
    }

    /// <summary>The key under which the registry has a stored provider.</summary>
    public static string KeyOf(StoredProvider row) => $"db:{row.Id}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReloadPeriod, clock);
        do
        {
            try
            {
                await ReloadAsync(stoppingToken);
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e))
            {
                Log.NotReloaded(logger);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private ProviderSettings? Settings(StoredProvider row)
    {
        var secret = row.EncryptedKey is { } blob ? keys.Decrypt(row.Id, blob, row.KeyId!) : null;
        if (row.EncryptedKey is not null && secret is null)
        {
            Log.KeyUnreadable(logger, row.Name, row.KeyId!);
            return null;
        }

        return BaseUrls.TryParse(row.BaseUrl, out var url)
            ? new(
                KeyOf(row),
                row.Name,
                url,
                secret,
                Enum.Parse<ProviderKind>(row.Kind, ignoreCase: true),
                row.Priority,
                TimeSpan.FromSeconds(row.TimeoutSeconds),
                ProviderSource.Database)
            : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The stored providers could not be read; those known stay in use")]
        public static partial void NotReloaded(ILogger logger);

        [LoggerMessage(LogLevel.Error, "The credential of provider {Provider} cannot be decrypted with the configured keys (it is under {KeyId})")]
        public static partial void KeyUnreadable(ILogger logger, string provider, string keyId);
    }
}
