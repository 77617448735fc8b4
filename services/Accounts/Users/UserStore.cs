using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Accounts.Users;

/// <summary>The queries over users and their personal organizations.</summary>
internal sealed class UserStore(AccountsContext db)
{
    private static readonly Func<AccountsContext, string, string, CancellationToken, Task<UserAtHome?>> ByIdentity =
        EF.CompileAsyncQuery((AccountsContext db, string issuer, string subject, CancellationToken ct) => (
            from user in db.Users
            join organization in db.Organizations on user.Id equals organization.CreatedBy
            join project in db.Projects on organization.Id equals project.OrganizationId
            where user.Issuer == issuer && user.Subject == subject && organization.IsPersonal && project.IsDefault
            select new UserAtHome(user, organization.Id, project.Id)).SingleOrDefault());

    public Task<UserAtHome?> FindAsync(string issuer, string subject, CancellationToken ct) => ByIdentity(db, issuer, subject, ct);

    public Task<UserAtHome?> FindAsync(Id<UserRef> id, CancellationToken ct) => (
        from user in db.Users
        join organization in db.Organizations on user.Id equals organization.CreatedBy
        join project in db.Projects on organization.Id equals project.OrganizationId
        where user.Id == id && organization.IsPersonal && project.IsDefault
        select new UserAtHome(user, organization.Id, project.Id)).SingleOrDefaultAsync(ct);

    /// <summary>
    /// Adds a user with its personal organization, default project and memberships, or nothing at all when another request has
    /// just added the same identity. It is one statement, so it is one transaction and one round trip; the loser of a race waits
    /// at the unique constraint for the winner's commit.
    /// </summary>
    public Task AddAsync(User user, Id<OrganizationRef> organization, Id<ProjectRef> project, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"""
            WITH added AS (
                INSERT INTO users (id, issuer, subject, username, email, email_verified, name, roles, flags, roles_as_of, created_at, updated_at)
                VALUES ({user.Id.Value}, {user.Issuer}, {user.Subject}, {user.Username}, {user.Email}, {user.EmailVerified}, {user.Name},
                        {user.Roles}, {user.Flags}, {user.RolesAsOf}, {user.CreatedAt}, {user.UpdatedAt})
                ON CONFLICT (issuer, subject) DO NOTHING
                RETURNING id, created_at
            ), organization AS (
                INSERT INTO organizations (id, name, is_personal, created_by, created_at)
                SELECT {organization.Value}, 'Personal', true, id, created_at FROM added
            ), organization_member AS (
                INSERT INTO organization_members (organization_id, user_id, role, created_at)
                SELECT {organization.Value}, id, 'owner', created_at FROM added
            ), project AS (
                INSERT INTO projects (id, organization_id, name, is_default, created_by, created_at)
                SELECT {project.Value}, {organization.Value}, 'Default', true, id, created_at FROM added
            )
            INSERT INTO project_members (project_id, user_id, role, created_at)
            SELECT {project.Value}, id, 'owner', created_at FROM added
            """,
            ct);

    /// <summary>Writes what a token changed, unless a newer token has been there first.</summary>
    public Task<int> UpdateAsync(User user, CancellationToken ct) =>
        db.Users
            .Where(known => known.Id == user.Id && known.RolesAsOf <= user.RolesAsOf)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(known => known.Username, user.Username)
                    .SetProperty(known => known.Email, user.Email)
                    .SetProperty(known => known.EmailVerified, user.EmailVerified)
                    .SetProperty(known => known.Name, user.Name)
                    .SetProperty(known => known.Roles, user.Roles)
                    .SetProperty(known => known.Flags, user.Flags)
                    .SetProperty(known => known.RolesAsOf, user.RolesAsOf)
                    .SetProperty(known => known.UpdatedAt, user.UpdatedAt),
                ct);

    /// <summary>Refuses a user from now on; the time of the first refusal stays. Returns how many rows it knows the user by.</summary>
    public Task<int> DisableAsync(string[] issuers, string subject, DateTimeOffset now, CancellationToken ct) =>
        db.Users
            .Where(user => issuers.Contains(user.Issuer) && user.Subject == subject)
            .ExecuteUpdateAsync(
                set => set.SetProperty(user => user.DisabledAt, user => user.DisabledAt ?? now).SetProperty(user => user.UpdatedAt, now),
                ct);

    public Task EnableAsync(string[] issuers, string subject, DateTimeOffset now, CancellationToken ct) =>
        db.Users
            .Where(user => issuers.Contains(user.Issuer) && user.Subject == subject && user.DisabledAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, (DateTimeOffset?)null).SetProperty(user => user.UpdatedAt, now), ct);

    public Task GiveRoleAsync(string[] issuers, string subject, string role, DateTimeOffset now, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE users SET roles = array(SELECT DISTINCT role COLLATE "C" FROM unnest(roles || {role}) AS role ORDER BY 1), updated_at = {now}
            WHERE issuer = ANY ({issuers}) AND subject = {subject} AND NOT {role} = ANY (roles)
            """,
            ct);

    /// <summary>Takes a role away, also from tokens issued before <paramref name="now"/>.</summary>
    public Task TakeRoleAsync(string[] issuers, string subject, string role, DateTimeOffset now, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE users SET roles = array_remove(roles, {role}), roles_as_of = greatest(roles_as_of, {now}), updated_at = {now}
            WHERE issuer = ANY ({issuers}) AND subject = {subject}
            """,
            ct);
}
