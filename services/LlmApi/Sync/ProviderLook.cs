using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Sync;

/// <summary>What one look at a provider found.</summary>
/// <param name="Models">Its models; null when no endpoint listed them.</param>
/// <param name="Endpoints">Which endpoints were asked, and what was wrong with them.</param>
internal sealed record ProviderLook(ProviderSettings Settings, IReadOnlyList<NamedModel>? Models, IReadOnlyList<(Uri Url, string? Problem)> Endpoints)
{
    /// <summary>The look at a provider that listed these models.</summary>
    public static ProviderLook Of(ProviderSettings settings, IReadOnlyList<ListedModel>? listed, IReadOnlyList<(Uri Url, string? Problem)> endpoints) =>
        new(settings, listed is null ? null : NamedModel.Of(settings, listed), endpoints);

    /// <summary>A provider whose models are configured is not asked for them.</summary>
    public static ProviderLook OfConfigured(ProviderSettings settings) => new(
        settings,
        [
            .. settings.Models.DistinctBy(model => model.UpstreamId, StringComparer.Ordinal)
                .Select(model => new NamedModel(model.Id, model.Id, new(model.UpstreamId) { Created = model.Created, OwnedBy = model.OwnedBy })),
        ],
        []);
}

/// <summary>A listed model and its public ids.</summary>
/// <param name="PublicId">What clients name it by.</param>
/// <param name="CatalogId">The catalogue row that describes it; variants of a model share one.</param>
internal sealed record NamedModel(string PublicId, string CatalogId, ListedModel Model)
{
    /// <summary>Names the models of a list; those whose names fall together are told apart.</summary>
    public static IReadOnlyList<NamedModel> Of(ProviderSettings settings, IReadOnlyList<ListedModel> models)
    {
        if (settings.Vendor is not { } vendor)
        {
            return [.. models.Select(model => new NamedModel(model.Id, model.Id, model))];
        }

        // By id and not as listed, so that a provider that lists them in another order does not swap their names.
        var first = models.Select(model => model.Id).Order(StringComparer.Ordinal).GroupBy(settings.PublicIdOf, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        return
        [
            .. models.Select(model =>
            {
                var id = settings.PublicIdOf(model.Id);
                id = first[id] == model.Id ? id : ModelNames.Distinguish(id, model.Id);
                return new NamedModel(id, model.CanonicalSlug is { } slug ? ModelNames.Normalize(vendor, slug) : id, model);
            }),
        ];
    }
}
