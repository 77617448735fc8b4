using System.Collections.Frozen;
using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Catalogue;

/// <summary>The stored catalogue as it was at one version. Immutable: a change makes a new one.</summary>
internal sealed class CatalogueSnapshot
{
    private readonly FrozenDictionary<string, IReadOnlyList<ProviderModel>> _modelsOf;
    private readonly FrozenDictionary<(string Provider, string UpstreamId), ProviderModel> _models;
    private readonly FrozenDictionary<Id<ProviderModel>, ProviderModel> _modelsById;
    private readonly FrozenDictionary<Id<CatalogModel>, CatalogModel> _catalogsById;
    private readonly FrozenDictionary<string, CatalogModel> _catalogs;
    private readonly FrozenDictionary<(string Provider, string Url), EndpointHealth> _health;

    public CatalogueSnapshot(
        long version, IReadOnlyList<ProviderModel> models, IReadOnlyList<CatalogModel> catalogs, IReadOnlyList<EndpointHealth> health)
    {
        Version = version;
        _modelsOf = models.GroupBy(model => model.ProviderKey, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => (IReadOnlyList<ProviderModel>)[.. group], StringComparer.Ordinal);
        _models = models.ToFrozenDictionary(model => (model.ProviderKey, model.ProviderOriginalModelId));
        _modelsById = models.ToFrozenDictionary(model => model.Id);
        _catalogsById = catalogs.ToFrozenDictionary(catalog => catalog.Id);
        _catalogs = catalogs.ToFrozenDictionary(catalog => catalog.PublicId, StringComparer.Ordinal);
        _health = health.ToFrozenDictionary(one => (one.ProviderKey, one.Url));
    }

    public static CatalogueSnapshot Empty { get; } = new(0, [], [], []);

    public long Version { get; }

    /// <summary>All models that a provider has ever listed.</summary>
    public IReadOnlyList<ProviderModel> ModelsOf(string providerKey) => _modelsOf.GetValueOrDefault(providerKey) ?? [];

    public ProviderModel? Model(string providerKey, string upstreamId) => _models.GetValueOrDefault((providerKey, upstreamId));

    public ProviderModel? Model(Id<ProviderModel> id) => _modelsById.GetValueOrDefault(id);

    /// <summary>The catalogue row of a public id.</summary>
    public CatalogModel? Catalog(string publicId) => _catalogs.GetValueOrDefault(publicId);

    /// <summary>The catalogue row of an offer, else that of its public id.</summary>
    public CatalogModel? Catalog(ProviderModel? model, string publicId) =>
        model?.CatalogId is { } id && _catalogsById.TryGetValue(id, out var catalog) ? catalog : Catalog(publicId);

    public EndpointHealth? Health(string providerKey, Uri url) => _health.GetValueOrDefault((providerKey, url.AbsoluteUri));
}
