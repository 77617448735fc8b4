using JanServer.Contracts.Ids;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Catalogue;

/// <summary>Changes what providers offer: names, order, prices, limits, and whether it may be used.</summary>
internal sealed class ProviderModelAdministration(
    CatalogRows rows, CatalogueStore catalogue, CatalogueReload reload, ProviderRegistry registry, TimeProvider clock)
{
    public async Task<CatalogueList<ProviderModelResource>> ListAsync(ProviderModelQuery query, CancellationToken ct)
    {
        await reload.ReloadAsync(ct);
        var (page, total) = await rows.ListAsync(query, ct);
        return new([.. page.Select(row => ProviderModelResources.Describe(row, registry))], total, query.Take);
    }

    public async Task<ProviderModelResource?> FindAsync(Id<ProviderModel> id, CancellationToken ct)
    {
        await reload.ReloadAsync(ct);
        return await rows.FindModelAsync(id, ct) is { } row ? ProviderModelResources.Describe(row, registry) : null;
    }

    public async Task<(ProviderModelResource? Model, ApiError? Error)> UpdateAsync(Id<ProviderModel> id, UpdateProviderModel input, CancellationToken ct)
    {
        if (CatalogueChecks.Check(input) is { } error)
        {
            return (null, error);
        }

        var change = await catalogue.BeginChangeAsync(ct);
        await using (change)
        {
            if (await rows.FindModelAsync(id, ct) is not { } row)
            {
                return (null, ApiError.NotFound("provider model"));
            }

            var instruct = row.InstructModelId;
            if (input.InstructModelPublicId.IsGiven)
            {
                (instruct, error) = await InstructAsync(row, input.InstructModelPublicId.Value, ct);
                if (error is not null)
                {
                    return (null, error);
                }
            }

            // What the catalogue has switched off cannot be on here.
            var isOff = row.CatalogId is { } catalog && await rows.FindCatalogAsync(catalog, ct) is { Active: false };
            await rows.UpdateAsync([Changed(row, input) with { InstructModelId = instruct, Active = !isOff && (input.Active ?? row.Active) }], ct);
            await change.CommitAsync(ct);
        }

        return (await FindAsync(id, ct), null);
    }

    /// <summary>Switches a provider's offers, or everybody's. One whose catalogue row is off cannot be switched on.</summary>
    public async Task<(ToggleResult? Result, ApiError? Error)> ToggleAsync(ToggleProviderModels input, CancellationToken ct)
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
            var models = await rows.ModelsAsync(input.ProviderId is null ? null : ProviderModelResources.KeyOf(input.ProviderId), ct);
            if (input.ProviderId is { } id && models.Count == 0 && registry.Find(ProviderModelResources.KeyOf(id)) is null)
            {
                return (null, ApiError.NotFound("provider"));
            }

            var off = enable ? (await rows.CatalogsAsync(null, ct)).Where(row => !row.Active).Select(row => row.Id).ToHashSet() : [];
            var excepted = (input.ExceptModels ?? []).ToHashSet(StringComparer.Ordinal);
            var wanted = models.Where(row => row.Active != enable && !excepted.Contains(row.ModelPublicId)).ToList();
            var failed = wanted.Where(row => row.CatalogId is { } catalog && off.Contains(catalog)).ToList();
            var changed = wanted.Except(failed).Select(row => row with { Active = enable, UpdatedAt = clock.GetUtcNow() }).ToList();
            await rows.UpdateAsync(changed, ct);
            result = new(
                changed.Count,
                models.Count - wanted.Count,
                failed.Count,
                models.Count,
                [.. failed.Select(row => row.ModelPublicId).Distinct(StringComparer.Ordinal)]);
            await change.CommitAsync(ct);
        }

        await reload.ReloadAsync(ct);
        return (result, null);
    }

    private ProviderModel Changed(ProviderModel row, UpdateProviderModel input) => row with
    {
        DisplayName = input.ModelDisplayName.Or(row.DisplayName) is { Length: > 0 } name ? name : null,
        Category = input.Category.IsGiven ? input.Category.Value ?? "" : row.Category,
        CategoryOrderNumber = input.CategoryOrderNumber ?? row.CategoryOrderNumber,
        ModelOrderNumber = input.ModelOrderNumber ?? row.ModelOrderNumber,
        Pricing = input.Pricing.IsGiven ? [.. (input.Pricing.Value?.Lines ?? []).Select(line => new PriceLine(line.Unit!, line.AmountMicroUsd!.Value))] : row.Pricing,
        ContextLength = input.TokenLimits.IsGiven ? input.TokenLimits.Value?.ContextLength : row.ContextLength,
        MaxCompletionTokens = input.TokenLimits.IsGiven ? input.TokenLimits.Value?.MaxCompletionTokens : row.MaxCompletionTokens,
        Edited = row.Edited || input.ModelDisplayName.IsGiven || input.Pricing.IsGiven || input.TokenLimits.IsGiven,
        UpdatedAt = clock.GetUtcNow(),
    };

    // The same provider's, if it has one: it answers with the same credential.
    private async Task<(Id<ProviderModel>? Id, ApiError? Error)> InstructAsync(ProviderModel row, string? publicId, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(publicId))
        {
            return (null, null);
        }

        var named = await rows.ModelsNamedAsync(publicId, ct);
        var model = named.Find(one => one.ProviderKey == row.ProviderKey) ?? named.FirstOrDefault();
        return model is null ? (null, ApiError.Invalid("instruct_model_public_id", "There is no model with that public id."))
            : model.ModelPublicId == row.ModelPublicId ? (null, ApiError.Invalid("instruct_model_public_id", "A model is not its own instruct model."))
            : (model.Id, null);
    }
}
