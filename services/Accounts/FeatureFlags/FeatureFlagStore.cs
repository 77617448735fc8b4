using JanServer.Contracts.Ids;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Accounts.FeatureFlags;

/// <summary>The table feature_flags. It is small, and kept so: lists hold all of it.</summary>
internal sealed class FeatureFlagStore(AccountsContext db)
{
    public const int MaxFlags = 500;

    public Task<List<FeatureFlag>> ListAsync(CancellationToken ct) => db.FeatureFlags.OrderBy(flag => flag.Key).Take(MaxFlags).ToListAsync(ct);

    public Task<FeatureFlag?> FindAsync(Id<FeatureFlagRef> id, CancellationToken ct) =>
        db.FeatureFlags.SingleOrDefaultAsync(flag => flag.Id == id, ct);

    /// <summary>Those of some keys that no flag has.</summary>
    public async Task<HashSet<string>> UnknownAsync(IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        var known = await db.FeatureFlags.Where(flag => keys.Contains(flag.Key)).Select(flag => flag.Key).ToListAsync(ct);
        return keys.Except(known, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>How many flags there are.</summary>
    public Task<int> CountAsync(CancellationToken ct) => db.FeatureFlags.CountAsync(ct);

    /// <summary>Adds a flag; false when its key is taken.</summary>
    public async Task<bool> AddAsync(FeatureFlag flag, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO feature_flags (id, key, name, description, category, created_at, updated_at)
            VALUES ({flag.Id.Value}, {flag.Key}, {flag.Name}, {flag.Description}, {flag.Category}, {flag.CreatedAt}, {flag.UpdatedAt})
            ON CONFLICT ON CONSTRAINT feature_flags_key DO NOTHING
            """,
            ct) == 1;

    /// <summary>Changes what a request names; false when there is no such flag.</summary>
    public async Task<bool> UpdateAsync(Id<FeatureFlagRef> id, UpdateFeatureFlag change, DateTimeOffset now, CancellationToken ct) =>
        await db.FeatureFlags.Where(flag => flag.Id == id).ExecuteUpdateAsync(
            set => set
                .SetProperty(flag => flag.Name, flag => change.Name ?? flag.Name)
                .SetProperty(flag => flag.Description, flag => change.Description ?? flag.Description)
                .SetProperty(flag => flag.Category, flag => change.Category ?? flag.Category)
                .SetProperty(flag => flag.UpdatedAt, now),
            ct) == 1;

    public async Task<bool> RemoveAsync(Id<FeatureFlagRef> id, CancellationToken ct) =>
        await db.FeatureFlags.Where(flag => flag.Id == id).ExecuteDeleteAsync(ct) == 1;
}
