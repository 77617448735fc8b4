using System.Collections.Concurrent;
using JanServer.Data.Connections;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Sync;

/// <summary>Looks at providers, whether they are well and which models they have, and stores what it finds for all replicas.</summary>
internal sealed partial class ProviderSync(
    ProviderRegistry registry, ModelListing listing, CatalogueReload reload, IServiceScopeFactory scopes, ILogger<ProviderSync> logger)
{
    private const int MaxLooks = 10;

    /// <summary>Looks at these providers now. What was found is in use here afterwards, and soon at the other replicas.</summary>
    public async Task RunAsync(IReadOnlyList<Provider> providers, CancellationToken ct)
    {
        var looks = new ConcurrentBag<ProviderLook>();
        await Parallel.ForEachAsync(
            providers,
            new ParallelOptions { MaxDegreeOfParallelism = MaxLooks, CancellationToken = ct },
            async (provider, token) => looks.Add(await LookAsync(provider, token)));

        // One after the other: each is a change of its own, and changes wait for each other anyway.
        var isChanged = false;
        foreach (var look in looks)
        {
            isChanged |= await StoreAsync(look, ct);
        }

        if (isChanged)
        {
            await reload.ReloadAsync(ct);
        }
    }

    private async Task<bool> StoreAsync(ProviderLook look, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<SyncStore>().ApplyAsync(look, ct);
        }
        catch (DbUpdateException e) when (!DatabaseFailure.IsTransient(e))
        {
            // What one provider lists must not keep the others from being looked at.
            Log.NotStored(logger, look.Settings.Name, e);
            return false;
        }
    }

    private async Task<ProviderLook> LookAsync(Provider provider, CancellationToken ct)
    {
        var settings = provider.Settings;
        if (settings.Models.Count > 0)
        {
            return ProviderLook.OfConfigured(settings);
        }

        if (settings.Source == ProviderSource.Engine)
        {
            // Its discovery asks it; without a model it has not been asked yet.
            return ProviderLook.Of(settings, provider.Listed.Count > 0 ? provider.Listed : null, []);
        }

        var answers = await Task.WhenAll(provider.Endpoints.Select(endpoint => listing.ReadAsync(provider, endpoint, null, ct)));
        foreach (var (endpoint, (models, problem)) in provider.Endpoints.Zip(answers))
        {
            if (models is null && registry.Stored.Health(settings.Key, endpoint.Settings.Url) is not { Healthy: false })
            {
                Log.ListingFailed(logger, settings.Name, problem!);
            }
        }

        return ProviderLook.Of(
            settings,
            provider.Endpoints.Zip(answers).OrderBy(pair => pair.First.Settings.Priority).Select(pair => pair.Second.Models).FirstOrDefault(models => models is not null),
            [.. provider.Endpoints.Zip(answers, (endpoint, answer) => (endpoint.Settings.Url, answer.Models is null ? answer.Problem : null))]);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The models of provider {Provider} are not known: {Problem}")]
        public static partial void ListingFailed(ILogger logger, string provider, string problem);

        [LoggerMessage(LogLevel.Error, "What provider {Provider} lists cannot be stored; its models stay as they are")]
        public static partial void NotStored(ILogger logger, string provider, Exception exception);
    }
}
