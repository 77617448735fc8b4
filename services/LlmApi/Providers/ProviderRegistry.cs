using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>The providers in use and the catalog of their models, swapped whole on every change.</summary>
internal sealed class ProviderRegistry(TimeProvider clock, IOptions<UpstreamOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Provider> _providers = new(StringComparer.Ordinal);
    private volatile ModelCatalog _catalog = ModelCatalog.Empty;
    private volatile CatalogueSnapshot _snapshot = CatalogueSnapshot.Empty;
    private volatile IReadOnlyList<Provider> _all = [];

    public ModelCatalog Catalog => _catalog;

    /// <summary>What is stored about models, as last read.</summary>
    public CatalogueSnapshot Stored => _snapshot;

    public IReadOnlyList<Provider> Providers => _all;

    public Provider? Find(string key) => _all.FirstOrDefault(provider => provider.Settings.Key == key);

    /// <summary>
    /// Replaces all providers of one source. A provider whose settings did not change keeps its models, its health and its circuits.
    /// Returns those that are new.
    /// </summary>
    public IReadOnlyList<Provider> Replace(ProviderSource source, IReadOnlyList<ProviderSettings> settings)
    {
        lock (_lock)
        {
            var (added, isChanged) = Exchange(source, settings);
            if (isChanged)
            {
                Swap();
            }

            return added;
        }
    }

    /// <summary>Takes over what is stored: the providers of the database and the catalogue. An older version than the known one is ignored.</summary>
    public void Load(IReadOnlyList<ProviderSettings> settings, CatalogueSnapshot snapshot)
    {
        lock (_lock)
        {
            if (snapshot.Version >= _snapshot.Version)
            {
                _snapshot = snapshot;
                Exchange(ProviderSource.Database, settings);
                Swap();
            }
        }
    }

    /// <summary>An engine listed its models.</summary>
    public void Listed(Provider provider, IReadOnlyList<ListedModel> models)
    {
        lock (_lock)
        {
            var same = provider.Listed.Select(model => (model.Id, model.OwnedBy)).SequenceEqual(models.Select(model => (model.Id, model.OwnedBy)));
            provider.Found(models);
            if (!same)
            {
                Swap();
            }
        }
    }

    private (List<Provider> Added, bool IsChanged) Exchange(ProviderSource source, IReadOnlyList<ProviderSettings> settings)
    {
        var keys = settings.Select(one => one.Key).ToHashSet(StringComparer.Ordinal);
        var gone = _providers.Values.Where(one => one.Settings.Source == source && !keys.Contains(one.Settings.Key)).ToList();
        gone.ForEach(one => _providers.Remove(one.Settings.Key));

        var added = new List<Provider>();
        foreach (var one in settings)
        {
            if (_providers.TryGetValue(one.Key, out var known) && known.Settings.IsSameAs(one))
            {
                continue;
            }

            var provider = new Provider(one, () => new(clock, options.Value.BreakerPause));
            _providers[one.Key] = provider;
            added.Add(provider);
        }

        return (added, added.Count > 0 || gone.Count > 0);
    }

    private void Swap()
    {
        foreach (var provider in _providers.Values.Where(one => one.Settings.Source != ProviderSource.Engine))
        {
            Examine(provider);
        }

        _all = [.. _providers.Values.OrderBy(one => one.Settings.Priority).ThenBy(one => one.Settings.Key, StringComparer.Ordinal)];
        _catalog = ModelCatalog.Of(_all, _snapshot);
    }

    private void Examine(Provider provider)
    {
        foreach (var endpoint in provider.Endpoints)
        {
            if (_snapshot.Health(provider.Settings.Key, endpoint.Settings.Url) is not { } health)
            {
                continue;
            }

            if (health.Healthy)
            {
                endpoint.Found();
            }
            else
            {
                endpoint.Lost(health.Problem);
            }
        }
    }
}
