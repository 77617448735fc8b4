using System.Text;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Models;

/// <summary>Makes the routes of a catalogue from what providers offer and what is stored.</summary>
internal static class ModelRoutes
{
    private const string DemoPrefix = "jan-demo";

    // The sampling parameters that a catalogue row may give defaults for.
    private static readonly (string Name, Member Member)[] Defaults =
    [
        ("temperature", Member.Temperature), ("top_p", Member.TopP), ("presence_penalty", Member.Penalty), ("frequency_penalty", Member.Penalty2),
        ("max_tokens", Member.MaxTokens), ("top_k", Member.TopK), ("repetition_penalty", Member.RepetitionPenalty),
    ];

    /// <summary>The route of one public id.</summary>
    /// <param name="id">The public id.</param>
    /// <param name="offers">Who offers it, in the order in which they are asked; not empty.</param>
    /// <param name="snapshot">What is stored.</param>
    public static ModelRoute Of(string id, List<ProvidedModel> offers, CatalogueSnapshot snapshot) => new(
        id,
        offers.Max(offer => offer.Created),
        offers[0].OwnedBy ?? offers[0].Provider.Settings.Name,
        offers.TrueForAll(offer => offer.Provider.Settings.Kind == ProviderKind.Jan) && id.StartsWith(DemoPrefix, StringComparison.Ordinal),
        [.. offers.Select(Offer)])
    {
        MakesImages = offers.TrueForAll(offer => offer.Provider.Settings.Category == ProviderCategories.Image),
        Details = DetailsOf(offers[0], snapshot),
    };

    /// <summary>For each route the providers' own ids that mean it and no other.</summary>
    public static IEnumerable<IReadOnlyList<string>> AliasesOf(IReadOnlyList<ModelRoute> routes)
    {
        var meanings = routes.SelectMany(route => route.Offers.Select(offer => offer.UpstreamId).Distinct(StringComparer.Ordinal))
            .GroupBy(id => id, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var taken = routes.Select(route => route.Id).Append(ModelCatalog.Auto).ToHashSet(StringComparer.Ordinal);
        return routes.Select(route => (IReadOnlyList<string>)
        [
            .. route.Offers.Select(offer => offer.UpstreamId).Distinct(StringComparer.Ordinal).Where(id => meanings[id] == 1 && !taken.Contains(id)),
        ]);
    }

    private static ModelOffer Offer(ProvidedModel model) => new(model.Provider, model.UpstreamId, ModelRoute.Quote(model.UpstreamId))
    {
        Pricing = model.Row is { Pricing.Count: > 0 } row ? new(row.Pricing) : null,
        Row = model.Row,
    };

    private static ModelDetails DetailsOf(ProvidedModel model, CatalogueSnapshot snapshot)
    {
        var (row, catalog) = (model.Row, model.Catalog);
        if (row is null && catalog is null)
        {
            return ModelDetails.Unknown;
        }

        return new()
        {
            DisplayName = row?.DisplayName ?? catalog?.DisplayName,
            Category = row is { Category.Length: > 0 } ? row.Category : null,
            CategoryOrder = row?.CategoryOrderNumber ?? 0,
            ModelOrder = row?.ModelOrderNumber ?? 0,
            ContextLength = row?.ContextLength ?? catalog?.ContextLength,
            MaxCompletionTokens = row?.MaxCompletionTokens,
            Defaults = catalog is null ? [] : [.. DefaultsOf(catalog)],
            Features = catalog is { Status: not CatalogStatus.Init } ? catalog.Features : null,
            IsExperimental = catalog?.Experimental ?? false,
            RequiresFeatureFlag = catalog?.RequiresFeatureFlag,
            InstructModel = row?.InstructModelId is { } instruct ? snapshot.Model(instruct)?.ModelPublicId : null,
            ReasoningFormat = catalog?.ReasoningFormat,
            Family = catalog?.Family,
            CatalogId = catalog?.PublicId,
        };
    }

    private static IEnumerable<ModelDefault> DefaultsOf(CatalogModel catalog)
    {
        foreach (var (name, member) in Defaults)
        {
            if (catalog.SupportedParameters.Default.TryGetValue(name, out var value))
            {
                var json = value.GetRawText();
                yield return new(member, Replacement.Of(Encoding.UTF8.GetBytes(json)), Replacement.Of(Encoding.UTF8.GetBytes($",\"{name}\":{json}")));
            }
        }
    }
}
