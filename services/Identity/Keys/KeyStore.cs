using Microsoft.EntityFrameworkCore;

namespace JanServer.Identity.Keys;

/// <summary>The table signing_keys.</summary>
internal sealed class KeyStore(IdentityDbContext db)
{
    /// <summary>The keys that verify, the signing one first.</summary>
    public Task<List<SigningKey>> ListUsableAsync(string realm, DateTimeOffset now, CancellationToken ct) =>
        db.SigningKeys
            .Where(key => key.Realm == realm && key.State != KeyState.Retired && (key.RetiresAt == null || key.RetiresAt > now))
            .OrderBy(key => key.State)
            .ThenByDescending(key => key.CreatedAt)
            .ToListAsync(ct);

    public Task<List<SigningKey>> ListAllAsync(string realm, CancellationToken ct) =>
        db.SigningKeys.Where(key => key.Realm == realm).OrderBy(key => key.State).ThenByDescending(key => key.CreatedAt).ToListAsync(ct);

    /// <summary>
    /// Makes the key that <paramref name="create"/> returns the active one, unless the active one was created after
    /// <paramref name="olderThan"/>. One replica at a time; the others find the new key and leave.
    /// </summary>
    public async Task<bool> ReplaceActiveAsync(
        string realm, DateTimeOffset olderThan, DateTimeOffset passiveUntil, Func<SigningKey> create, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"identity/keys/" + realm}, 0))", ct);
        var isFresh = await db.SigningKeys.AnyAsync(
            key => key.Realm == realm && key.State == KeyState.Active && key.CreatedAt > olderThan, ct);
        if (isFresh)
        {
            return false;
        }

        await db.SigningKeys
            .Where(key => key.Realm == realm && key.State == KeyState.Active)
            .ExecuteUpdateAsync(
                set => set.SetProperty(key => key.State, KeyState.Passive).SetProperty(key => key.RetiresAt, passiveUntil), ct);
        db.SigningKeys.Add(create());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Retires passive keys whose time is over and deletes their private halves.</summary>
    public Task<int> RetireAsync(DateTimeOffset now, CancellationToken ct) =>
        db.SigningKeys
            .Where(key => key.State == KeyState.Passive && key.RetiresAt <= now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(key => key.State, KeyState.Retired).SetProperty(key => key.PrivateKey, (byte[]?)null), ct);
}
