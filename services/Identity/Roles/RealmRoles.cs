using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Identity.Roles;

/// <summary>The tables roles and user_roles.</summary>
internal sealed class RealmRoles(IdentityDbContext db)
{
    public Task<List<Role>> ListAsync(string? search, int offset, int take, CancellationToken ct)
    {
        var roles = string.IsNullOrEmpty(search) ? db.Roles : db.Roles.Where(role => EF.Functions.ILike(role.Name!, LikePattern.Containing(search), LikePattern.Escape));
        return roles.OrderBy(role => role.Name).Skip(offset).Take(take).ToListAsync(ct);
    }

    public Task<Role?> FindAsync(string name, CancellationToken ct) => db.Roles.FirstOrDefaultAsync(role => role.Name == name, ct);

    /// <summary>The roles that <paramref name="named"/> means, by id or else by name; null when one does not exist.</summary>
    public async Task<List<Role>?> ResolveAsync(IReadOnlyList<RoleRepresentation> named, CancellationToken ct)
    {
        var ids = named.Select(role => role.Id).OfType<Guid>().ToArray();
        var names = named.Where(role => role.Id is null).Select(role => role.Name).OfType<string>().ToArray();
        var found = await db.Roles.Where(role => ids.Contains(role.Id) || names.Contains(role.Name)).ToListAsync(ct);
        var isComplete = ids.All(id => found.Exists(role => role.Id == id))
            && names.All(name => found.Exists(role => role.Name == name))
            && named.All(role => role.Id is not null || role.Name is not null);
        return isComplete ? found : null;
    }

    public async Task<bool> AddAsync(Role role, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO roles (id, name, normalized_name, concurrency_stamp, description)
            VALUES ({role.Id}, {role.Name}, {role.NormalizedName}, {role.ConcurrencyStamp}, {role.Description})
            ON CONFLICT DO NOTHING
            """,
            ct) == 1;

    public async Task<bool> RemoveAsync(string name, CancellationToken ct) =>
        await db.Roles.Where(role => role.Name == name).ExecuteDeleteAsync(ct) == 1;

    public Task AssignAsync(Guid user, IEnumerable<Role> roles, CancellationToken ct)
    {
        var ids = roles.Select(role => role.Id).ToArray();
        return db.Database.ExecuteSqlAsync(
            $"INSERT INTO user_roles (user_id, role_id) SELECT {user}, unnest({ids}) ON CONFLICT DO NOTHING", ct);
    }

    public Task UnassignAsync(Guid user, IEnumerable<Role> roles, CancellationToken ct)
    {
        var ids = roles.Select(role => role.Id).ToArray();
        return db.Set<IdentityUserRole<Guid>>().Where(link => link.UserId == user && ids.Contains(link.RoleId)).ExecuteDeleteAsync(ct);
    }

    public IQueryable<Users.User> MembersOf(Guid role) =>
        from link in db.UserRoles where link.RoleId == role join user in db.Users on link.UserId equals user.Id orderby user.UserName select user;
}
