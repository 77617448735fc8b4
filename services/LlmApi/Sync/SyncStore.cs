using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Sync;

/// <summary>Writes what a sync found.</summary>
internal sealed class SyncStore(LlmContext db, CatalogueStore catalogue, TimeProvider clock)
{
    /// <summary>Brings what is stored about a provider up to what was found. A look that found nothing new takes no lock.</summary>
    /// <returns>Whether anything changed.</returns>
    public async Task<bool> ApplyAsync(ProviderLook look, CancellationToken ct)
    {
        var id = look.Settings.Source == ProviderSource.Database ? Id<StoredProvider>.Parse(look.Settings.Key["db:".Length..], null) : (Id<StoredProvider>?)null;
        var stored = await ReadAsync(look, ct);
        var plan = SyncPlan.Of(look, id, stored, clock);
        if (plan.IsEmpty && !(stored.IsFirst && look.Models is not null))
        {
            return false;
        }

        await using var change = await catalogue.BeginChangeAsync(ct);
        if (id is { } row && !await db.Providers.AnyAsync(provider => provider.Id == row, ct))
        {
            // It was removed while it was looked at.
            return false;
        }

        plan = SyncPlan.Of(look, id, await ReadAsync(look, ct), clock);
        db.AddRange(plan.NewCatalogs);
        db.UpdateRange(plan.ChangedCatalogs);
        db.AddRange(plan.NewModels);
        db.UpdateRange(plan.ChangedModels);
        db.AddRange(plan.NewHealth);
        db.UpdateRange(plan.ChangedHealth);
        await db.SaveChangesAsync(ct);
        if (look.Models is not null)
        {
            var connection = await db.OpenAsync(ct);
            await connection.ExecuteAsync(
                $"INSERT INTO provider_syncs (provider_key, synced_at) VALUES ({look.Settings.Key}, now()) ON CONFLICT (provider_key) DO UPDATE SET synced_at = now()",
                ct);
        }

        await change.CommitAsync(ct);
        return true;
    }

    /// <summary>Retires the models of providers that the configuration does not name any more and of engines that are gone.</summary>
    public async Task RetireOthersAsync(IReadOnlyList<string> providerKeys, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var gone = db.ProviderModels.Where(row => row.ProviderId == null && row.RetiredAt == null && !providerKeys.Contains(row.ProviderKey));
        if (!await gone.AnyAsync(ct))
        {
            return;
        }

        await using var change = await catalogue.BeginChangeAsync(ct);
        await gone.ExecuteUpdateAsync(row => row.SetProperty(one => one.RetiredAt, now).SetProperty(one => one.UpdatedAt, now), ct);
        await change.CommitAsync(ct);
    }

    private async Task<StoredState> ReadAsync(ProviderLook look, CancellationToken ct)
    {
        var key = look.Settings.Key;
        var catalogIds = look.Models?.Select(model => model.CatalogId).Distinct(StringComparer.Ordinal).ToList() ?? [];
        var connection = await db.OpenAsync(ct);
        return new(
            await db.ProviderModels.Where(row => row.ProviderKey == key).ToListAsync(ct),
            await db.Catalogs.Where(row => catalogIds.Contains(row.PublicId)).ToDictionaryAsync(row => row.PublicId, StringComparer.Ordinal, ct),
            await db.EndpointHealth.Where(row => row.ProviderKey == key).ToListAsync(ct),
            await connection.FirstOrDefaultAsync($"SELECT 1 FROM provider_syncs WHERE provider_key = {key}", row => row.GetInt32(0), ct) == 0);
    }
}
