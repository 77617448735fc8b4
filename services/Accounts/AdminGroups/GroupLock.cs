using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace JanServer.Accounts.AdminGroups;

/// <summary>
/// Lets changes of one group follow one another, on whichever replica: the identity provider only replaces attributes as a whole, so
/// that two changes at once would lose one.
/// </summary>
internal sealed class GroupLock(AccountsContext db)
{
    /// <summary>Waits for the lock, which ends when the result is disposed.</summary>
    public async Task<IDbContextTransaction> HoldAsync(string group, CancellationToken ct)
    {
        var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"group " + group}, 0))", ct);
        return transaction;
    }
}
