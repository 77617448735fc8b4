using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Models;

/// <summary>Describes models to users.</summary>
internal static class ModelResources
{
    /// <summary>A model, whoever serves it.</summary>
    public static ModelResource Describe(ModelRoute model) => new(model.Id, model.Created, model.OwnedBy)
    {
        ModelDisplayName = model.Details.DisplayName ?? model.Id,
        Category = model.Details.Category ?? "",
        CategoryOrderNumber = model.Details.CategoryOrder,
        ModelOrderNumber = model.Details.ModelOrder,
    };

    /// <summary>A model as one provider serves it.</summary>
    public static ModelResource Describe(ModelRoute model, ModelOffer offer) =>
        new(model.Id, offer.Row is { Created: > 0 } dated ? dated.Created : model.Created, offer.Provider.Settings.Name)
        {
            ModelDisplayName = offer.Row?.DisplayName ?? model.Details.DisplayName ?? model.Id,
            Category = offer.Row?.Category ?? "",
            CategoryOrderNumber = offer.Row?.CategoryOrderNumber ?? 0,
            ModelOrderNumber = offer.Row?.ModelOrderNumber ?? 0,
            ProviderId = ProviderModelResources.ProviderIdOf(offer.Provider.Settings.Key),
            ProviderVendor = ProviderResources.VendorOf(offer.Provider.Settings),
            ProviderName = offer.Provider.Settings.Name,
        };
}
