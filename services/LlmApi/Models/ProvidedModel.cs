using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Models;

/// <summary>A model that a provider offers now, and what is stored about it.</summary>
internal sealed record ProvidedModel(Provider Provider, string Id, string UpstreamId, long Created, string? OwnedBy, ProviderModel? Row, CatalogModel? Catalog)
{
    /// <summary>
    /// What a provider offers: the models of its configuration, what an engine listed, or else the rows that the sync keeps. Switched off
    /// is what an administrator switched off, at the provider or in the catalogue.
    /// </summary>
    public static IEnumerable<ProvidedModel> Of(Provider provider, CatalogueSnapshot snapshot)
    {
        var settings = provider.Settings;
        var all =
            settings.Models.Count > 0 ? settings.Models.Select(model => Make(model.Id, model.UpstreamId, model.Created, model.OwnedBy))
            : settings.Source == ProviderSource.Engine ? provider.Listed.Select(model => Make(settings.PublicIdOf(model.Id), model.Id, model.Created, model.OwnedBy))
            : snapshot.ModelsOf(settings.Key).Where(row => row.RetiredAt is null)
                .Select(row => Make(row.ModelPublicId, row.ProviderOriginalModelId, row.Created, row.OwnedBy));
        return all.Where(model => model.Row?.Active != false && model.Catalog?.Active != false);

        ProvidedModel Make(string id, string upstreamId, long created, string? ownedBy)
        {
            var row = snapshot.Model(settings.Key, upstreamId);
            return new(provider, id, upstreamId, created, ownedBy, row, snapshot.Catalog(row, id));
        }
    }
}
