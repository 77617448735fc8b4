using JanServer.Identity.Realms;
using JanServer.Identity.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Admin;

/// <summary>Keeps the administrator of realm master as the configuration says: that name, that password, nobody else.</summary>
internal sealed class AdminAccount(
    IServiceScopeFactory scopes, IOptions<RealmOptions> options, ILookupNormalizer normalizer, IPasswordHasher<User> hasher, TimeProvider clock)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        var (username, password) = (options.Value.Admin.Username.ToLowerInvariant(), options.Value.Admin.Password);
        var name = User.QualifiedName(Realm.Master, username);
        var normalized = normalizer.NormalizeName(name);

        var admin = await db.Users.FirstOrDefaultAsync(user => user.NormalizedUserName == normalized, cancellationToken);
        if (admin?.PasswordHash is { } hash && hasher.VerifyHashedPassword(admin, hash, password) != PasswordVerificationResult.Failed)
        {
            return;
        }

        // One statement, because several replicas may start at once.
        var now = clock.GetUtcNow();
        var created = new User { Realm = Realm.Master };
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO users (id, realm, user_name, normalized_user_name, password_hash, security_stamp, concurrency_stamp, created_at)
            VALUES ({Guid.CreateVersion7(now)}, {Realm.Master}, {name}, {normalized}, {hasher.HashPassword(created, password)},
                    {created.ConcurrencyStamp}, {created.ConcurrencyStamp}, {now})
            ON CONFLICT (normalized_user_name) DO UPDATE
            SET password_hash = excluded.password_hash, security_stamp = excluded.security_stamp, lockout_end = NULL, access_failed_count = 0
            """,
            cancellationToken);

        // The sessions of a former administrator, or of a former password, end with it.
        await db.Users.Where(user => user.Realm == Realm.Master && user.NormalizedUserName != normalized).ExecuteDeleteAsync(cancellationToken);
        await db.Sessions.Where(session => session.Realm == Realm.Master).ExecuteDeleteAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
