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
    private volatile IReadOnlyList<Provider> _all = [];

    public ModelCatalog Catalog => _catalog;

    public IReadOnlyList<Provider> Providers => _all;

    /// <summary>
    /// Replaces all providers of one source. A provider whose settings did not change keeps its models, its health and its circuit.
    /// Returns those that are new.
    /// </summary>
    public IReadOnlyList<Provider> Replace(ProviderSource source, IReadOnlyList<ProviderSettings> settings)
    {
        lock (_lock)
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

                var provider = new Provider(one, new(clock, options.Value.BreakerPause));
                if (known?.Settings.BaseUrl == one.BaseUrl)
                {
                    provider.Found(known.Listed);
                }

                _providers[one.Key] = provider;
                added.Add(provider);
            }

            if (added.Count > 0 || gone.Count > 0)
            {
                Swap();
            }

            return added;
        }
    }

    /// <summary>The provider listed its models.</summary>
    public void Listed(Provider provider, IReadOnlyList<OfferedModel> models)
    {
        lock (_lock)
        {
            var same = provider.Listed.SequenceEqual(models);
            provider.Found(models);
            if (!same)
            {
                Swap();
            }
        }
    }

    /// <summary>The provider could not list its models; those it listed last stay.</summary>
    public void Lost(Provider provider, string problem)
    {
        lock (_lock)
        {
            provider.Lost(problem);
        }
    }

    private void Swap()
    {
        _all = [.. _providers.Values.OrderBy(one => one.Settings.Priority).ThenBy(one => one.Settings.Key, StringComparer.Ordinal)];
        _catalog = ModelCatalog.Of(_all);
    }
}
