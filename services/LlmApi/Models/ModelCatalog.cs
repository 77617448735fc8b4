using System.Collections.Frozen;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Models;

/// <summary>Every model that can be asked for now. Immutable: a change makes a new one, so readers need no lock.</summary>
internal sealed class ModelCatalog
{
    /// <summary>The id that means the best available chat model.</summary>
    public const string Auto = "auto";

    private readonly FrozenDictionary<string, ModelRoute> _byId;

    private ModelCatalog(IReadOnlyList<ModelRoute> models)
    {
        Models = models;
        var byId = models.ToDictionary(model => model.Id, StringComparer.Ordinal);
        foreach (var model in models)
        {
            foreach (var alias in model.Aliases)
            {
                byId.TryAdd(alias, model);
            }
        }

        _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static ModelCatalog Empty { get; } = new([]);

    /// <summary>All models, the demo models last.</summary>
    public IReadOnlyList<ModelRoute> Models { get; }

    /// <summary>Merges what providers offer: one id at several providers is one model with several offers, ordered by priority.</summary>
    public static ModelCatalog Of(IEnumerable<Provider> providers, CatalogueSnapshot snapshot)
    {
        var order = new List<string>();
        var offers = new Dictionary<string, List<ProvidedModel>>(StringComparer.Ordinal);
        foreach (var provider in providers.OrderBy(provider => provider.Settings.Priority).ThenBy(provider => provider.Settings.Key, StringComparer.Ordinal))
        {
            foreach (var provided in ProvidedModel.Of(provider, snapshot))
            {
                if (!offers.TryGetValue(provided.Id, out var same))
                {
                    offers[provided.Id] = same = [];
                    order.Add(provided.Id);
                }

                if (same.TrueForAll(offer => offer.Provider != provider))
                {
                    same.Add(provided);
                }
            }
        }

        // By the order that administrators gave, zeros last; what has none keeps that of the providers.
        var routes = order.Select(id => ModelRoutes.Of(id, offers[id], snapshot))
            .OrderBy(route => route.IsDemo)
            .ThenBy(route => route.Details.CategoryOrder == 0 ? int.MaxValue : route.Details.CategoryOrder)
            .ThenBy(route => route.Details.ModelOrder == 0 ? int.MaxValue : route.Details.ModelOrder)
            .ToList();
        return new([.. routes.Zip(ModelRoutes.AliasesOf(routes), (route, aliases) => route with { Aliases = aliases })]);
    }

    /// <summary>The error for an id that means no model of the caller's.</summary>
    public static ApiError Unknown(string id) => new(
        StatusCodes.Status404NotFound,
        ErrorCodes.ModelNotFound,
        $"The model '{(id.Length > 200 ? id[..200] : id)}' does not exist or you may not use it. See /v1/models.",
        "model");

    /// <summary>
    /// Finds the model that the caller may use by this id, its public one or a provider's own that means no other; null when there is none,
    /// or it is not the caller's to use.
    /// </summary>
    public ModelRoute? Find(string id, Caller caller)
    {
        if (_byId.TryGetValue(id, out var route))
        {
            return route.IsFor(caller) ? route : null;
        }

        return id == Auto ? Models.FirstOrDefault(model => model.MayChat && model.IsFor(caller)) : null;
    }
}
