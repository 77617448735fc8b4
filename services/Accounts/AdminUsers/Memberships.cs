using JanServer.Accounts.FeatureFlags;
using JanServer.Accounts.IdentityProvider;

namespace JanServer.Accounts.AdminUsers;

/// <summary>
/// Adds roles, groups and flags to users. The admin API tells them user by user only, so that several users are asked for at once, but
/// never more than a few: a page must not be a flood for the identity provider.
/// </summary>
internal sealed class Memberships(KeycloakUsers users)
{
    private const int MaxAtOnce = 8;

    public async Task<AdminUser[]> AddAsync(IReadOnlyList<KeycloakUser> page, CancellationToken ct)
    {
        var complete = new AdminUser[page.Count];
        await Parallel.ForAsync(
            0,
            page.Count,
            new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = ct },
            async (i, token) => complete[i] = await AddAsync(page[i], token));
        return complete;
    }

    public async Task<AdminUser> AddAsync(KeycloakUser user, CancellationToken ct)
    {
        var roles = await users.RolesOfAsync(user.Id!, ct);
        var groups = await users.GroupsOfAsync(user.Id!, ct);
        return AdminUser.From(user) with
        {
            Roles = Sorted(roles.Select(role => role.Name)),
            Groups = Sorted(groups.Select(group => group.Path ?? group.Name ?? "")),
            FeatureFlags = Sorted(groups.SelectMany(GroupFlags.Of)),
        };
    }

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
