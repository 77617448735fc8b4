using JanServer.Contracts.Ids;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Providers;

/// <summary>The queries over stored providers. They belong to the deployment, not to a tenant.</summary>
internal sealed class ProviderStore(LlmContext db)
{
    private const int MaxProviders = 1000;

    public Task<List<StoredProvider>> ListAsync(CancellationToken ct) =>
        db.Providers.OrderBy(provider => provider.Id).Take(MaxProviders).ToListAsync(ct);

    public Task<StoredProvider?> FindAsync(Id<StoredProvider> id, CancellationToken ct) =>
        db.Providers.SingleOrDefaultAsync(provider => provider.Id == id, ct);

    public Task<bool> IsNameTakenAsync(string name, Id<StoredProvider> except, CancellationToken ct) =>
        db.Providers.AnyAsync(provider => provider.Name == name && provider.Id != except, ct);

    public async Task AddAsync(StoredProvider provider, CancellationToken ct)
    {
        db.Add(provider);
        await db.SaveChangesAsync(ct);
    }

    public async Task UpdateAsync(StoredProvider provider, CancellationToken ct)
    {
        db.Update(provider);
        await db.SaveChangesAsync(ct);
    }

    public Task<int> RemoveAsync(Id<StoredProvider> id, CancellationToken ct) =>
        db.Providers.Where(provider => provider.Id == id).ExecuteDeleteAsync(ct);
}
