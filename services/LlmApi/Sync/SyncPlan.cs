using JanServer.Contracts.Ids;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Sync;

/// <summary>What is stored about one provider before a sync.</summary>
/// <param name="IsFirst">Whether its models have never been stored before.</param>
internal sealed record StoredState(
    IReadOnlyList<ProviderModel> Models, IReadOnlyDictionary<string, CatalogModel> Catalogs, IReadOnlyList<EndpointHealth> Health, bool IsFirst);

/// <summary>What a sync has to write. Nothing that an administrator has edited is in it.</summary>
internal sealed class SyncPlan
{
    public List<CatalogModel> NewCatalogs { get; } = [];

    public List<CatalogModel> ChangedCatalogs { get; } = [];

    public List<ProviderModel> NewModels { get; } = [];

    public List<ProviderModel> ChangedModels { get; } = [];

    public List<EndpointHealth> NewHealth { get; } = [];

    public List<EndpointHealth> ChangedHealth { get; } = [];

    public bool IsEmpty => NewCatalogs.Count + ChangedCatalogs.Count + NewModels.Count + ChangedModels.Count + NewHealth.Count + ChangedHealth.Count == 0;

    /// <summary>Compares what a look found with what is stored.</summary>
    public static SyncPlan Of(ProviderLook look, Id<StoredProvider>? providerId, StoredState stored, TimeProvider clock)
    {
        var plan = new SyncPlan();
        var now = clock.GetUtcNow();
        plan.AddHealth(look, stored, now);
        if (look.Models is not { } models)
        {
            return plan;
        }

        var rows = stored.Models.ToDictionary(row => row.ProviderOriginalModelId, StringComparer.Ordinal);
        var catalogs = new Dictionary<string, CatalogModel>(stored.Catalogs, StringComparer.Ordinal);
        for (var i = 0; i < models.Count; i++)
        {
            var named = models[i];
            var hash = named.Model.Hash();
            var row = rows.GetValueOrDefault(named.Model.Id);
            var isNews = row is null || row.ListingHash != hash;
            var catalog = plan.AddCatalog(named, catalogs, isNews, clock);
            if (row is null)
            {
                var active = stored.IsFirst || look.Settings.EnablesNewModels;
                plan.NewModels.Add(Added(named, hash, look.Settings, providerId, catalog, clock) with { Position = i, Active = active });
            }
            else if (isNews || row.RetiredAt is not null || row.ModelPublicId != named.PublicId || row.CatalogId is null)
            {
                plan.ChangedModels.Add(Refreshed(row, named, hash, catalog, now));
            }
        }

        var listed = models.Select(named => named.Model.Id).ToHashSet(StringComparer.Ordinal);
        plan.ChangedModels.AddRange(stored.Models.Where(row => row.RetiredAt is null && !listed.Contains(row.ProviderOriginalModelId))
            .Select(row => row with { RetiredAt = now, UpdatedAt = now }));
        return plan;
    }

    private CatalogModel AddCatalog(NamedModel named, Dictionary<string, CatalogModel> catalogs, bool isNews, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (!catalogs.TryGetValue(named.CatalogId, out var catalog))
        {
            catalog = Described(
                new CatalogModel { Id = Id<CatalogModel>.New(clock), PublicId = named.CatalogId, CreatedAt = now, UpdatedAt = now }, named, now);
            NewCatalogs.Add(catalog);
            catalogs[named.CatalogId] = catalog;
        }
        else if (isNews && catalog.LastSyncedAt != now && catalog.Status != CatalogStatus.Updated
            && (named.Model.SaysMuch || catalog.Status == CatalogStatus.Init))
        {
            catalog = Described(catalog, named, now);
            ChangedCatalogs.Add(catalog);
            catalogs[named.CatalogId] = catalog;
        }

        return catalog;
    }

    private void AddHealth(ProviderLook look, StoredState stored, DateTimeOffset now)
    {
        foreach (var (url, problem) in look.Endpoints)
        {
            var known = stored.Health.FirstOrDefault(row => row.Url == url.AbsoluteUri);
            var row = new EndpointHealth
            {
                ProviderKey = look.Settings.Key,
                Url = url.AbsoluteUri,
                Healthy = problem is null,
                Problem = problem,
                ChangedAt = now,
            };
            if (known is null)
            {
                NewHealth.Add(row);
            }
            else if (known.Healthy != row.Healthy || known.Problem != row.Problem)
            {
                ChangedHealth.Add(row);
            }
        }
    }

    private static CatalogModel Described(CatalogModel catalog, NamedModel named, DateTimeOffset now) => catalog with
    {
        DisplayName = named.Model.Name ?? catalog.DisplayName,
        Description = named.Model.Description,
        SupportedParameters = named.Model.Parameters,
        Architecture = named.Model.Architecture,
        ContextLength = named.Model.ContextLength,
        IsModerated = named.Model.IsModerated,
        Family = ModelNames.FamilyOf(named.CatalogId),
        Features = named.Model.Features,
        Status = named.Model.SaysMuch ? CatalogStatus.Filled : CatalogStatus.Init,
        LastSyncedAt = now,
        UpdatedAt = now,
    };

    private static ProviderModel Added(
        NamedModel named, string hash, ProviderSettings settings, Id<StoredProvider>? providerId, CatalogModel catalog, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = Id<ProviderModel>.New(clock),
            ProviderKey = settings.Key,
            ProviderId = providerId,
            CatalogId = catalog.Id,
            ModelPublicId = named.PublicId,
            ProviderOriginalModelId = named.Model.Id,
            DisplayName = named.Model.Name,
            Category = CategoryOf(named, settings),
            Pricing = named.Model.Pricing,
            ContextLength = named.Model.ContextLength,
            MaxCompletionTokens = named.Model.MaxCompletionTokens,
            OwnedBy = named.Model.OwnedBy,
            Created = named.Model.Created,
            Active = false,
            ListingHash = hash,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private static ProviderModel Refreshed(ProviderModel row, NamedModel named, string hash, CatalogModel catalog, DateTimeOffset now)
    {
        var refreshed = row with
        {
            ModelPublicId = named.PublicId,
            CatalogId = catalog.Id,
            OwnedBy = named.Model.OwnedBy,
            RetiredAt = null,
            ListingHash = hash,
            UpdatedAt = now,
        };
        return row.Edited
            ? refreshed
            : refreshed with
            {
                DisplayName = catalog.Status == CatalogStatus.Updated ? row.DisplayName : named.Model.Name,
                Pricing = named.Model.Pricing,
                ContextLength = named.Model.ContextLength,
                MaxCompletionTokens = named.Model.MaxCompletionTokens,
            };
    }

    // The groups that clients of the reference show models in.
    private static string CategoryOf(NamedModel named, ProviderSettings settings)
    {
        var features = named.Model.Features;
        return named.Model.Id.Contains("jan", StringComparison.OrdinalIgnoreCase) ? "jan"
            : settings.Category == ProviderCategories.Image || named.Model.Architecture.OutputModalities.Contains("image") ? "Image Generation"
            : features.HasFlag(ModelFeatures.Embeddings) || named.Model.Id.Contains("embed", StringComparison.OrdinalIgnoreCase) ? "Embedding"
            : features.HasFlag(ModelFeatures.Reasoning) ? "Reasoning"
            : features.HasFlag(ModelFeatures.Images) ? "Vision"
            : features.HasFlag(ModelFeatures.Audio) ? "Audio"
            : features.HasFlag(ModelFeatures.Video) ? "Video"
            : "";
    }
}
