using System.Collections.Frozen;
using JanServer.LlmApi.Providers;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.LlmApi.Models;

/// <summary>Every model that can be asked for now. Immutable: a change makes a new one, so readers need no lock.</summary>
internal sealed class ModelCatalog
{
    /// <summary>The id that means the best available chat model.</summary>
    public const string Auto = "auto";

    private const string DemoPrefix = "jan-demo";

    private readonly FrozenDictionary<string, ModelRoute> _byId;

    private ModelCatalog(IReadOnlyList<ModelRoute> models)
    {
        Models = models;
        _byId = models.ToFrozenDictionary(model => model.Id, StringComparer.Ordinal);
    }

    public static ModelCatalog Empty { get; } = new([]);

    /// <summary>All models, the demo models last.</summary>
    public IReadOnlyList<ModelRoute> Models { get; }

    /// <summary>Merges what providers offer: one id at several providers is one model with several offers, ordered by priority.</summary>
    public static ModelCatalog Of(IEnumerable<Provider> providers)
    {
        var order = new List<string>();
        var offers = new Dictionary<string, List<(Provider Provider, OfferedModel Model)>>(StringComparer.Ordinal);
        foreach (var provider in providers.OrderBy(provider => provider.Settings.Priority).ThenBy(provider => provider.Settings.Key, StringComparer.Ordinal))
        {
            foreach (var model in provider.Offered)
            {
                if (!offers.TryGetValue(model.Id, out var same))
                {
                    offers[model.Id] = same = [];
                    order.Add(model.Id);
                }

                if (same.TrueForAll(offer => offer.Provider != provider))
                {
                    same.Add((provider, model));
                }
            }
        }

        return new([.. order.Select(id => Route(id, offers[id])).OrderBy(route => route.IsDemo)]);
    }

    /// <summary>Finds the model that the caller may use by this id; null when there is none, or it is not the caller's to use.</summary>
    public ModelRoute? Find(string id, Caller caller)
    {
        if (_byId.TryGetValue(id, out var route))
        {
            return caller.MayUse(id) ? route : null;
        }

        return id == Auto ? Models.FirstOrDefault(model => model.MayChat && caller.MayUse(model.Id)) : null;
    }

    private static ModelRoute Route(string id, List<(Provider Provider, OfferedModel Model)> offers) => new(
        id,
        offers.Max(offer => offer.Model.Created),
        offers[0].Model.OwnedBy ?? offers[0].Provider.Settings.Name,
        offers.TrueForAll(offer => offer.Provider.Settings.Kind == ProviderKind.Jan)
            && id.StartsWith(DemoPrefix, StringComparison.Ordinal),
        [.. offers.Select(offer => new ModelOffer(offer.Provider, offer.Model.UpstreamId, ModelRoute.Quote(offer.Model.UpstreamId)))]);
}
