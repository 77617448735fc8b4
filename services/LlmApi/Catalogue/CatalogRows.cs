using JanServer.Contracts.Ids;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Catalogue;

/// <summary>The queries of the catalogue's administration.</summary>
internal sealed class CatalogRows(LlmContext db)
{
    public async Task<(IReadOnlyList<CatalogModel> Rows, int Total)> ListAsync(CatalogQuery query, CancellationToken ct)
    {
        var rows = db.Catalogs.Where(row =>
            (query.Status == null || row.Status == query.Status)
            && (query.IsModerated == null || row.IsModerated == query.IsModerated)
            && (query.Active == null || row.Active == query.Active)
            && (query.Family == null || row.Family == query.Family)
            && (query.Experimental == null || row.Experimental == query.Experimental)
            && (query.RequiresFeatureFlag == null || row.RequiresFeatureFlag == query.RequiresFeatureFlag));
        var (with, without) = FeaturesOf(query);
        rows = rows.Where(row => (row.Features & with) == with && (row.Features & without) == ModelFeatures.None);
        var total = await rows.CountAsync(ct);
        var ordered = query.Ascending
            ? rows.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)
            : rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);
        return (await ordered.Skip(query.Skip).Take(query.Take).ToListAsync(ct), total);
    }

    public Task<CatalogModel?> FindCatalogAsync(string publicId, CancellationToken ct) =>
        db.Catalogs.SingleOrDefaultAsync(row => row.PublicId == publicId, ct);

    public Task<CatalogModel?> FindCatalogAsync(Id<CatalogModel> id, CancellationToken ct) =>
        db.Catalogs.SingleOrDefaultAsync(row => row.Id == id, ct);

    /// <summary>The rows of these public ids; all when none are given.</summary>
    public Task<List<CatalogModel>> CatalogsAsync(IReadOnlyList<string>? publicIds, CancellationToken ct) =>
        (publicIds is null ? db.Catalogs : db.Catalogs.Where(row => publicIds.Contains(row.PublicId))).ToListAsync(ct);

    public async Task<(IReadOnlyList<ProviderModel> Rows, int Total)> ListAsync(ProviderModelQuery query, CancellationToken ct)
    {
        var key = query.ProviderId is null ? null : ProviderModelResources.KeyOf(query.ProviderId);
        var rows = db.ProviderModels.Where(row =>
            (key == null || row.ProviderKey == key)
            && (query.ModelKey == null || row.ModelPublicId == query.ModelKey)
            && (query.Active == null || row.Active == query.Active));
        if (query.SupportsImages is { } images)
        {
            rows = rows.Where(row => db.Catalogs.Any(catalog => catalog.Id == row.CatalogId && (catalog.Features & ModelFeatures.Images) != 0) == images);
        }

        if (query.Search is { Length: > 0 } search)
        {
            var pattern = LikePattern.Containing(search);
            rows = rows.Where(row =>
                EF.Functions.ILike(row.ModelPublicId, pattern, LikePattern.Escape)
                || EF.Functions.ILike(row.ProviderOriginalModelId, pattern, LikePattern.Escape)
                || EF.Functions.ILike(row.DisplayName ?? "", pattern, LikePattern.Escape)
                || EF.Functions.ILike(row.Category, pattern, LikePattern.Escape));
        }

        var total = await rows.CountAsync(ct);
        var ordered = query.Ascending ? rows.OrderBy(row => row.Id) : rows.OrderByDescending(row => row.Id);
        return (await ordered.Skip(query.Skip).Take(query.Take).ToListAsync(ct), total);
    }

    public Task<ProviderModel?> FindModelAsync(Id<ProviderModel> id, CancellationToken ct) =>
        db.ProviderModels.SingleOrDefaultAsync(row => row.Id == id, ct);

    /// <summary>The offers of these catalogue rows.</summary>
    public Task<List<ProviderModel>> ModelsAsync(IReadOnlyList<Id<CatalogModel>> catalogs, CancellationToken ct) =>
        db.ProviderModels.Where(row => row.CatalogId != null && catalogs.Contains(row.CatalogId.Value)).ToListAsync(ct);

    /// <summary>The offers of a provider; all when none is given.</summary>
    public Task<List<ProviderModel>> ModelsAsync(string? providerKey, CancellationToken ct) =>
        db.ProviderModels.Where(row => providerKey == null || row.ProviderKey == providerKey).OrderBy(row => row.Id).ToListAsync(ct);

    /// <summary>The offers of a public id, those that are listed first.</summary>
    public Task<List<ProviderModel>> ModelsNamedAsync(string publicId, CancellationToken ct) =>
        db.ProviderModels.Where(row => row.ModelPublicId == publicId).OrderBy(row => row.RetiredAt != null).ThenBy(row => row.Id).ToListAsync(ct);

    public Task RenameAsync(Id<CatalogModel> catalog, string? name, DateTimeOffset at, CancellationToken ct) =>
        db.ProviderModels.Where(row => row.CatalogId == catalog)
            .ExecuteUpdateAsync(row => row.SetProperty(one => one.DisplayName, name).SetProperty(one => one.UpdatedAt, at), ct);

    public async Task UpdateAsync(IEnumerable<object> rows, CancellationToken ct)
    {
        db.UpdateRange(rows);
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    private static (ModelFeatures With, ModelFeatures Without) FeaturesOf(CatalogQuery query)
    {
        var (with, without) = (ModelFeatures.None, ModelFeatures.None);
        Add(query.SupportsImages, ModelFeatures.Images);
        Add(query.SupportsEmbeddings, ModelFeatures.Embeddings);
        Add(query.SupportsReasoning, ModelFeatures.Reasoning);
        Add(query.SupportsInstruct, ModelFeatures.Instruct);
        Add(query.SupportsAudio, ModelFeatures.Audio);
        Add(query.SupportsVideo, ModelFeatures.Video);
        Add(query.SupportsTools, ModelFeatures.Tools);
        Add(query.SupportsBrowser, ModelFeatures.Browser);
        return (with, without);

        void Add(bool? wanted, ModelFeatures feature)
        {
            with |= wanted == true ? feature : ModelFeatures.None;
            without |= wanted == false ? feature : ModelFeatures.None;
        }
    }
}
