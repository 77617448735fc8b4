using JanServer.Identity.Realms;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Users;

/// <summary>
/// Checks a password. An unknown, a disabled, a locked account and a wrong password take the same work and have the same answer.
/// </summary>
internal sealed class PasswordCheck(
    IdentityDbContext db,
    UserDirectory users,
    IPasswordHasher<User> hasher,
    DummyPassword dummy,
    IOptions<RealmOptions> options,
    TimeProvider clock)
{
    /// <summary>The user, or null.</summary>
    public async Task<User?> FindAsync(Realm realm, string login, string password, CancellationToken ct)
    {
        var user = await users.FindByLoginAsync(realm.Name, login, ct);
        var hash = user?.PasswordHash;
        var result = hasher.VerifyHashedPassword(user ?? dummy.User, hash ?? dummy.Hash, password);
        if (user is null || hash is null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        if (result == PasswordVerificationResult.Failed)
        {
            await CountFailureAsync(user.Id, now, ct);
            return null;
        }

        return await AcceptAsync(user, result, password, now, ct) ? user : null;
    }

    /// <summary>
    /// The lockout is asked again after the hash, in the statement that clears it: a burst of parallel guesses that locks the account
    /// meanwhile also refuses the right one among them.
    /// </summary>
    private async Task<bool> AcceptAsync(User user, PasswordVerificationResult result, string password, DateTimeOffset now, CancellationToken ct)
    {
        var hash = result == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(user, password) : user.PasswordHash;
        var accepted = await db.Users
            .Where(row => row.Id == user.Id && row.Enabled && (row.LockoutEnd == null || row.LockoutEnd <= now))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.AccessFailedCount, 0)
                    .SetProperty(row => row.LockoutEnd, (DateTimeOffset?)null)
                    .SetProperty(row => row.PasswordHash, hash),
                ct);
        return accepted == 1;
    }

    private Task<int> CountFailureAsync(Guid user, DateTimeOffset now, CancellationToken ct)
    {
        var limit = options.Value.Throttle.LockoutFailures;
        var until = now.AddSeconds(options.Value.Throttle.LockoutSeconds);
        return db.Users
            .Where(row => row.Id == user && (row.LockoutEnd == null || row.LockoutEnd <= now))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.LockoutEnd, row => row.AccessFailedCount + 1 >= limit ? until : null)
                    .SetProperty(row => row.AccessFailedCount, row => row.AccessFailedCount + 1 >= limit ? 0 : row.AccessFailedCount + 1),
                ct);
    }
}
