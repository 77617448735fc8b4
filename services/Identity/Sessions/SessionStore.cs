using JanServer.Identity.Realms;
using JanServer.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Sessions;

/// <summary>A live session and its user.</summary>
internal sealed record LiveSession(Session Session, User User);

/// <summary>The table sessions. Only sessions that are alive, of users that are enabled, are ever found.</summary>
internal sealed class SessionStore(IdentityDbContext db, IOptions<RealmOptions> options, TimeProvider clock)
{
    public async Task<Session> AddAsync(User user, byte[]? cookieHash, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            Realm = user.Realm,
            UserId = user.Id,
            CookieHash = cookieHash,
            StartedAt = now,
            AuthenticatedAt = now,
            LastAccessAt = now,
            ExpiresAt = now.AddSeconds(options.Value.Tokens.SessionMaxSeconds),
        };
        db.Sessions.Add(session);
        await db.SaveChangesAsync(ct);
        return session;
    }

    public Task<LiveSession?> FindAsync(string realm, Guid id, CancellationToken ct) =>
        Live(db.Sessions.Where(session => session.Id == id && session.Realm == realm)).FirstOrDefaultAsync(ct);

    public Task<LiveSession?> FindByCookieAsync(string realm, byte[] cookieHash, CancellationToken ct) =>
        Live(db.Sessions.Where(session => session.CookieHash == cookieHash && session.Realm == realm)).FirstOrDefaultAsync(ct);

    public Task<List<LiveSession>> ListOfAsync(Guid user, CancellationToken ct) =>
        Live(db.Sessions.Where(session => session.UserId == user).OrderBy(session => session.Id)).ToListAsync(ct);

    /// <summary>Records that the session is in use; within a transaction this also makes others wait for it. False when it is gone.</summary>
    public async Task<bool> TouchAsync(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Sessions.Where(session => session.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.LastAccessAt, now), ct) == 1;
    }

    /// <summary>Records that the user gave the password again, in a browser that has a new cookie. False when the session is gone.</summary>
    public async Task<bool> RenewAsync(Guid id, byte[] cookieHash, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Sessions.Where(session => session.Id == id)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(session => session.CookieHash, cookieHash)
                    .SetProperty(session => session.AuthenticatedAt, now)
                    .SetProperty(session => session.LastAccessAt, now),
                ct) == 1;
    }

    public Task<int> RemoveAsync(string realm, Guid id, CancellationToken ct) =>
        db.Sessions.Where(session => session.Id == id && session.Realm == realm).ExecuteDeleteAsync(ct);

    public Task<int> RemoveAllOfAsync(Guid user, CancellationToken ct) =>
        db.Sessions.Where(session => session.UserId == user).ExecuteDeleteAsync(ct);

    private IQueryable<LiveSession> Live(IQueryable<Session> candidates)
    {
        var now = clock.GetUtcNow();
        var idle = now.AddSeconds(-options.Value.Tokens.SessionIdleSeconds);
        return from session in candidates
               join user in db.Users on session.UserId equals user.Id
               where session.ExpiresAt > now && session.LastAccessAt > idle && user.Enabled
               select new LiveSession(session, user);
    }
}
