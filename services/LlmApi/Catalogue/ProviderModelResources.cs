using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Catalogue;

/// <summary>Describes providers' offers to administrators.</summary>
internal static class ProviderModelResources
{
    private const string StoredPrefix = "db:";

    /// <summary>The id of a provider on the wire: that of its row, or its key when it has none.</summary>
    public static string ProviderIdOf(string key) => key.StartsWith(StoredPrefix, StringComparison.Ordinal) ? key[StoredPrefix.Length..] : key;

    /// <summary>The key of a provider by its id on the wire.</summary>
    public static string KeyOf(string id) => id.StartsWith("prov_", StringComparison.Ordinal) ? StoredPrefix + id : id;

    public static ProviderModelResource Describe(ProviderModel row, ProviderRegistry registry)
    {
        var catalog = registry.Stored.Catalog(row, row.ModelPublicId);
        var features = catalog?.Features ?? ModelFeatures.None;
        return new()
        {
            Id = row.Id.ToString(),
            ProviderId = ProviderIdOf(row.ProviderKey),
            ProviderVendor = registry.Find(row.ProviderKey) is { } provider ? ProviderResources.VendorOf(provider.Settings) : null,
            ModelCatalogId = catalog?.PublicId,
            ModelPublicId = row.ModelPublicId,
            ProviderOriginalModelId = row.ProviderOriginalModelId,
            ModelDisplayName = row.DisplayName ?? catalog?.DisplayName,
            Category = row.Category,
            CategoryOrderNumber = row.CategoryOrderNumber,
            ModelOrderNumber = row.ModelOrderNumber,
            Pricing = new(row.Pricing),
            TokenLimits = (row.ContextLength ?? row.MaxCompletionTokens) is null ? null : new(row.ContextLength, row.MaxCompletionTokens),
            Family = catalog?.Family,
            SupportsImages = features.HasFlag(ModelFeatures.Images),
            SupportsEmbeddings = features.HasFlag(ModelFeatures.Embeddings),
            SupportsReasoning = features.HasFlag(ModelFeatures.Reasoning),
            SupportsInstruct = features.HasFlag(ModelFeatures.Instruct),
            SupportsAudio = features.HasFlag(ModelFeatures.Audio),
            SupportsVideo = features.HasFlag(ModelFeatures.Video),
            Active = row.Active,
            Retired = row.RetiredAt is not null,
            InstructModelPublicId = row.InstructModelId is { } id ? registry.Stored.Model(id)?.ModelPublicId : null,
            CreatedAt = row.CreatedAt.ToUnixTimeSeconds(),
            UpdatedAt = row.UpdatedAt.ToUnixTimeSeconds(),
        };
    }
}
