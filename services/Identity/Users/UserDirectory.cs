using System.Text.Json;
using JanServer.Identity.Groups;
using JanServer.Identity.Realms;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Identity.Users;

/// <summary>Who a user is to the tokens: roles, group paths, feature flags.</summary>
internal sealed record Memberships(IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, IReadOnlyList<string> FeatureFlags);

/// <summary>The queries over users and their memberships.</summary>
internal sealed class UserDirectory(IdentityDbContext db, ILookupNormalizer normalizer)
{
    /// <summary>By username or e-mail. A username wins over somebody else's equal e-mail.</summary>
    public async Task<User?> FindByLoginAsync(string realm, string login, CancellationToken ct)
    {
        var name = normalizer.NormalizeName(User.QualifiedName(realm, login));
        var email = normalizer.NormalizeEmail(login);
        return await db.Users.FirstOrDefaultAsync(user => user.NormalizedUserName == name && user.Realm == realm, ct)
            ?? await db.Users.FirstOrDefaultAsync(user => user.NormalizedEmail == email && user.Realm == realm, ct);
    }

    public Task<User?> FindAsync(string realm, Guid id, CancellationToken ct) =>
        db.Users.FirstOrDefaultAsync(user => user.Id == id && user.Realm == realm, ct);

    public async Task<Memberships> MembershipsAsync(User user, CancellationToken ct)
    {
        if (user.Realm == Realm.Master)
        {
            return new(["admin"], [], []);
        }

        var roles = await RolesOf(user.Id).Select(role => role.Name!).OrderBy(name => name).ToListAsync(ct);
        var groups = await GroupsOf(user.Id).OrderBy(group => group.Name).ToListAsync(ct);
        var flags = groups.SelectMany(group => group.Attributes.GetValueOrDefault(Group.FeatureFlags) ?? []).Distinct().Order().ToList();
        return new(roles, groups.ConvertAll(group => group.Path), flags);
    }

    public IQueryable<Roles.Role> RolesOf(Guid user) =>
        from link in db.UserRoles where link.UserId == user join role in db.Roles on link.RoleId equals role.Id select role;

    public IQueryable<Group> GroupsOf(Guid user) =>
        from member in db.GroupMembers where member.UserId == user join row in db.Groups on member.GroupId equals row.Id select row;

    public Task<List<User>> SearchAsync(UserFilter filter, CancellationToken ct) =>
        Matching(filter).OrderBy(user => user.UserName).Skip(filter.Offset).Take(filter.Take).ToListAsync(ct);

    public Task<int> CountAsync(UserFilter filter, CancellationToken ct) => Matching(filter).CountAsync(ct);

    private IQueryable<User> Matching(UserFilter filter)
    {
        var attributes = JsonSerializer.Serialize(filter.Attributes, IdentityJson.Default.DictionaryStringListString);
        var matching = filter.Attributes.Count == 0 ? db.Users : db.Users.FromSql($"SELECT * FROM users WHERE attributes @> {attributes}::jsonb");
        matching = matching.Where(user => user.Realm == Realm.Jan);
        if (filter.Enabled is { } enabled)
        {
            matching = matching.Where(user => user.Enabled == enabled);
        }

        if (filter.EmailVerified is { } verified)
        {
            matching = matching.Where(user => user.EmailConfirmed == verified);
        }

        if (filter.Search is { } search)
        {
            matching = matching.Where(user =>
                EF.Functions.ILike(user.UserName!, search, LikePattern.Escape)
                || EF.Functions.ILike(user.Email!, search, LikePattern.Escape)
                || EF.Functions.ILike(user.FirstName!, search, LikePattern.Escape)
                || EF.Functions.ILike(user.LastName!, search, LikePattern.Escape));
        }

        if (filter.Username is { } username)
        {
            matching = matching.Where(user => EF.Functions.ILike(user.UserName!, username, LikePattern.Escape));
        }

        if (filter.Email is { } email)
        {
            matching = matching.Where(user => EF.Functions.ILike(user.Email!, email, LikePattern.Escape));
        }

        if (filter.FirstName is { } first)
        {
            matching = matching.Where(user => EF.Functions.ILike(user.FirstName!, first, LikePattern.Escape));
        }

        return filter.LastName is { } last ? matching.Where(user => EF.Functions.ILike(user.LastName!, last, LikePattern.Escape)) : matching;
    }
}
