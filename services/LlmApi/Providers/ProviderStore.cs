using JanServer.Contracts.Ids;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Providers;

/// <summary>The queries over stored providers. They belong to the deployment, not to a tenant.</summary>
internal sealed class ProviderStore(LlmContext db)
{
    private const int MaxProviders = 1000;

    public Task<List<StoredProvider>> ListAsync(string? search, CancellationToken ct)
    {
        var rows = search is { Length: > 0 }
            ? db.Providers.Where(row => EF.Functions.ILike(row.Name, LikePattern.Containing(search), LikePattern.Escape)
                || EF.Functions.ILike(row.Vendor ?? "", LikePattern.Containing(search), LikePattern.Escape))
            : db.Providers;
        return rows.OrderBy(provider => provider.Id).Take(MaxProviders).ToListAsync(ct);
    }

    public Task<List<StoredEndpoint>> EndpointsAsync(IReadOnlyList<Id<StoredProvider>> providers, CancellationToken ct) =>
        db.Endpoints.Where(row => providers.Contains(row.ProviderId)).OrderBy(row => row.ProviderId).ThenBy(row => row.Position).ToListAsync(ct);

    public Task<StoredProvider?> FindAsync(Id<StoredProvider> id, CancellationToken ct) =>
        db.Providers.SingleOrDefaultAsync(provider => provider.Id == id, ct);

    public Task<bool> IsNameTakenAsync(string name, Id<StoredProvider> except, CancellationToken ct) =>
        db.Providers.AnyAsync(provider => provider.Name == name && provider.Id != except, ct);

    /// <summary>Writes a provider; with endpoints they replace those it had.</summary>
    public async Task SaveAsync(StoredProvider provider, bool isNew, IReadOnlyList<StoredEndpoint>? endpoints, CancellationToken ct)
    {
        if (provider.DefaultProviderImageGenerate)
        {
            await db.Providers.Where(row => row.DefaultProviderImageGenerate && row.Id != provider.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(one => one.DefaultProviderImageGenerate, false), ct);
        }

        if (provider.DefaultProviderImageEdit)
        {
            await db.Providers.Where(row => row.DefaultProviderImageEdit && row.Id != provider.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(one => one.DefaultProviderImageEdit, false), ct);
        }

        if (isNew)
        {
            db.Add(provider);
        }
        else
        {
            db.Update(provider);
        }

        if (endpoints is not null)
        {
            await db.Endpoints.Where(row => row.ProviderId == provider.Id).ExecuteDeleteAsync(ct);
            db.AddRange(endpoints);
        }

        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    public async Task UpdateAllAsync(IReadOnlyList<StoredProvider> providers, CancellationToken ct)
    {
        db.UpdateRange(providers);
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    public Task<int> RemoveAsync(Id<StoredProvider> id, CancellationToken ct) =>
        db.Providers.Where(provider => provider.Id == id).ExecuteDeleteAsync(ct);
}

/// <summary>Patterns for <c>ILIKE</c> in which what a person typed means itself.</summary>
internal static class LikePattern
{
    public const string Escape = "\\";

    public static string Containing(string text) =>
        $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
