using System.Text.Json;
using JanServer.LlmApi.Models;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Catalogue;

/// <summary>Changes what is known about models.</summary>
internal sealed class CatalogAdministration(CatalogRows rows, CatalogueStore catalogue, CatalogueReload reload, TimeProvider clock)
{
    public async Task<CatalogueList<CatalogResource>> ListAsync(CatalogQuery query, CancellationToken ct)
    {
        var (page, total) = await rows.ListAsync(query, ct);
        return new([.. page.Select(CatalogResource.From)], total, query.Take);
    }

    public async Task<CatalogResource?> FindAsync(string publicId, CancellationToken ct) =>
        await rows.FindCatalogAsync(publicId, ct) is { } row ? CatalogResource.From(row) : null;

    public async Task<(CatalogResource? Catalog, ApiError? Error)> UpdateAsync(string publicId, UpdateCatalog input, CancellationToken ct)
    {
        if (CatalogueChecks.Check(input) is { } error)
        {
            return (null, error);
        }

        CatalogModel changed;
        var change = await catalogue.BeginChangeAsync(ct);
        await using (change)
        {
            if (await rows.FindCatalogAsync(publicId, ct) is not { } row)
            {
                return (null, ApiError.NotFound("model"));
            }

            changed = Changed(row, input);
            await rows.UpdateAsync([changed], ct);
            if (input.ModelDisplayName.IsGiven)
            {
                await rows.RenameAsync(row.Id, changed.DisplayName, changed.UpdatedAt, ct);
            }

            await change.CommitAsync(ct);
        }

        await reload.ReloadAsync(ct);
        return (CatalogResource.From(changed), null);
    }

    /// <summary>
    /// Switches catalogue rows. Off takes the providers' offers along, on does not bring them back: which of them were on is not known.
    /// </summary>
    public async Task<(ToggleResult? Result, ApiError? Error)> ToggleAsync(ToggleCatalogs input, CancellationToken ct)
    {
        if (input.Enable is not { } enable)
        {
            return (null, ApiError.Missing("enable"));
        }

        if (CatalogueChecks.CheckExceptions(input.ExceptModels) is { } error)
        {
            return (null, error);
        }

        ToggleResult result;
        var change = await catalogue.BeginChangeAsync(ct);
        await using (change)
        {
            var catalogs = await rows.CatalogsAsync(input.CatalogIds, ct);
            if (input.CatalogIds is { } ids && ids.Except(catalogs.Select(row => row.PublicId), StringComparer.Ordinal).Any())
            {
                return (null, ApiError.NotFound("model"));
            }

            result = await ToggleAsync(catalogs, enable, input.ExceptModels ?? [], ct);
            await change.CommitAsync(ct);
        }

        await reload.ReloadAsync(ct);
        return (result, null);
    }

    private async Task<ToggleResult> ToggleAsync(List<CatalogModel> catalogs, bool enable, IReadOnlyList<string> except, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var excepted = except.ToHashSet(StringComparer.Ordinal);
        var models = await rows.ModelsAsync([.. catalogs.Select(row => row.Id)], ct);
        var changedCatalogs = catalogs.Where(row => row.Active != enable && !excepted.Contains(row.PublicId))
            .Select(row => row with { Active = enable, UpdatedAt = now }).ToList();
        var changedModels = enable
            ? []
            : models.Where(row => row.Active && !excepted.Contains(row.ModelPublicId)).Select(row => row with { Active = false, UpdatedAt = now }).ToList();
        await rows.UpdateAsync([.. changedCatalogs, .. changedModels], ct);
        var updated = changedCatalogs.Count + changedModels.Count;
        var total = catalogs.Count + models.Count;
        return new(updated, total - updated, 0, total, []);
    }

    private CatalogModel Changed(CatalogModel row, UpdateCatalog input) => row with
    {
        DisplayName = Blank(input.ModelDisplayName.Or(row.DisplayName)),
        Description = Blank(input.Description.Or(row.Description)),
        SupportedParameters = input.SupportedParameters.IsGiven ? Parameters(input.SupportedParameters.Value) : row.SupportedParameters,
        Architecture = input.Architecture.IsGiven ? Architecture(input.Architecture.Value) : row.Architecture,
        Tags = input.Tags.IsGiven ? input.Tags.Value?.ToArray() : row.Tags,
        Notes = Blank(input.Notes.Or(row.Notes)),
        ContextLength = input.ContextLength.Or(row.ContextLength),
        IsModerated = input.IsModerated.Or(row.IsModerated),
        Active = input.Active ?? row.Active,
        Extras = input.Extras.Or(row.Extras),
        Family = Blank(input.Family.Or(row.Family)),
        Experimental = input.Experimental ?? row.Experimental,
        RequiresFeatureFlag = Blank(input.RequiresFeatureFlag.Or(row.RequiresFeatureFlag)),
        Features = Features(row.Features, input),
        ReasoningFormat = input.ReasoningFormat.Or(row.ReasoningFormat),
        Status = CatalogStatus.Updated,
        UpdatedAt = clock.GetUtcNow(),
    };

    private static SupportedParameters Parameters(SupportedParametersInput? input) => new(
        input?.Names ?? [],
        input?.Default?.Where(one => one.Value.ValueKind == JsonValueKind.Number).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal) ?? []);

    private static ModelArchitecture Architecture(ArchitectureInput? input) => input is null
        ? ModelArchitecture.Unknown
        : new(input.Modality ?? "", input.InputModalities ?? [], input.OutputModalities ?? [], input.Tokenizer ?? "", input.InstructType);

    private static ModelFeatures Features(ModelFeatures features, UpdateCatalog input)
    {
        Set(input.SupportsImages, ModelFeatures.Images);
        Set(input.SupportsEmbeddings, ModelFeatures.Embeddings);
        Set(input.SupportsReasoning, ModelFeatures.Reasoning);
        Set(input.SupportsInstruct, ModelFeatures.Instruct);
        Set(input.SupportsAudio, ModelFeatures.Audio);
        Set(input.SupportsVideo, ModelFeatures.Video);
        Set(input.SupportsTools, ModelFeatures.Tools);
        Set(input.SupportsBrowser, ModelFeatures.Browser);
        return features;

        void Set(bool? has, ModelFeatures feature) =>
            features = has switch
            {
                true => features | feature,
                false => features & ~feature,
                _ => features,
            };
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
