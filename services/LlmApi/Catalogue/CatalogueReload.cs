using JanServer.Data.Connections;
using JanServer.LlmApi.Providers;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Catalogue;

/// <summary>
/// Brings the stored providers and the catalogue into use when their version has changed: so a change made through one replica reaches
/// the others, and an idle look costs one row.
/// </summary>
internal sealed partial class CatalogueReload(
    ProviderRegistry registry,
    StoredProviders stored,
    IServiceScopeFactory scopes,
    IOptions<Upstreams.UpstreamOptions> options,
    TimeProvider clock,
    ILogger<CatalogueReload> logger) : BackgroundService
{
    /// <summary>Takes over what is stored, if it has changed.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<CatalogueStore>();
        if (await store.VersionAsync(ct) != registry.Stored.Version)
        {
            var all = await store.ReadAsync(ct);
            registry.Load(stored.Settings(all), new(all.Version, all.Models, all.Catalogs, all.Health));
        }
    }

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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The stored providers and models could not be read; those known stay in use")]
        public static partial void NotReloaded(ILogger logger);
    }
}
