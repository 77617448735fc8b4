using JanServer.Accounts.Auditing;
using JanServer.Accounts.Users;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Accounts.ApiKeys;

/// <summary>A key and the user whose requests it makes.</summary>
internal sealed record ApiKeyOfUser(ApiKey Key, User User);

/// <summary>The queries over API keys. Every one but the look-up by hash names the owner.</summary>
internal sealed class ApiKeyStore(AccountsContext db)
{
    private static readonly Func<AccountsContext, byte[], CancellationToken, Task<ApiKeyOfUser?>> ByHash =
        EF.CompileAsyncQuery((AccountsContext db, byte[] hash, CancellationToken ct) => (
            from key in db.ApiKeys
            join user in db.Users on key.UserId equals user.Id
            where key.Hash == hash
            select new ApiKeyOfUser(key, user)).SingleOrDefault());

    public Task<ApiKeyOfUser?> FindByHashAsync(byte[] hash, CancellationToken ct) => ByHash(db, hash, ct);

    public Task<ApiKey?> FindAsync(Id<UserRef> owner, Id<ApiKeyRef> id, CancellationToken ct) =>
        db.ApiKeys.SingleOrDefaultAsync(key => key.Id == id && key.UserId == owner, ct);

    public Task<ApiKeyOfUser?> FindWithUserAsync(Id<UserRef> owner, Id<ApiKeyRef> id, CancellationToken ct) => (
        from key in db.ApiKeys
        join user in db.Users on key.UserId equals user.Id
        where key.Id == id && key.UserId == owner
        select new ApiKeyOfUser(key, user)).SingleOrDefaultAsync(ct);

    /// <summary>The next <paramref name="count"/> keys after one of them, by creation.</summary>
    public Task<List<ApiKey>> ListAsync(Id<UserRef> owner, Id<ApiKeyRef>? after, bool ascending, int count, CancellationToken ct)
    {
        // The ids are UUIDv7: they sort by creation, so the id itself is the cursor. Postgres compares uuid as bytes.
        var keys = db.ApiKeys.Where(key => key.UserId == owner);
        if (after is { } cursor)
        {
            keys = ascending ? keys.Where(key => key.Id > cursor) : keys.Where(key => key.Id < cursor);
        }

        return (ascending ? keys.OrderBy(key => key.Id) : keys.OrderByDescending(key => key.Id)).Take(count).ToListAsync(ct);
    }

    /// <summary>Adds a key unless its user has <paramref name="maxActive"/> active ones; false when it does.</summary>
    public async Task<bool> AddAsync(ApiKey key, int maxActive, AuditEntry entry, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        // Keys of one user are made one after another, or two requests would both see room for one more.
        await db.Database.ExecuteSqlAsync($"SELECT FROM users WHERE id = {key.UserId.Value} FOR NO KEY UPDATE", ct);
        var active = await db.ApiKeys.CountAsync(
            other => other.UserId == key.UserId && other.RevokedAt == null && other.ExpiresAt > key.CreatedAt,
            ct);
        if (active >= maxActive)
        {
            return false;
        }

        db.Add(key);
        db.Add(entry);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Revokes a key; false when the owner has none with that id. The time of the first revocation stays.</summary>
    public async Task<bool> RevokeAsync(Id<UserRef> owner, Id<ApiKeyRef> id, DateTimeOffset now, AuditEntry entry, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var revoked = await db.ApiKeys
            .Where(key => key.Id == id && key.UserId == owner && key.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), ct);
        if (revoked == 0)
        {
            return await db.ApiKeys.AnyAsync(key => key.Id == id && key.UserId == owner, ct);
        }

        db.Add(entry);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Writes when keys were last used. A later time stays.</summary>
    public Task<int> MarkUsedAsync(Guid[] ids, DateTimeOffset[] times, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE api_keys AS key
            SET last_used_at = used.at
            FROM unnest({ids}, {times}) AS used (id, at)
            WHERE key.id = used.id AND (key.last_used_at IS NULL OR key.last_used_at < used.at)
            """,
            ct);
}
