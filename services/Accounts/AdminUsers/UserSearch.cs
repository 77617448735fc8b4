using JanServer.Accounts.IdentityProvider;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.AdminUsers;

/// <summary>
/// Finds users by conditions that the identity provider only answers one of. That one is asked for page by page, and the others are
/// checked here.
/// </summary>
internal sealed class UserSearch(KeycloakUsers users, KeycloakGroups groups)
{
    private const int Batch = 200;

    // A search that would read more than this many users is asked to be narrower.
    private const int MaxRead = 10_000;

    private delegate Task<KeycloakUser[]?> Source(int first, int max, CancellationToken ct);

    /// <summary>A page of users and one more, if there is one.</summary>
    public async Task<(List<KeycloakUser> Users, ApiError? Error)> RunAsync(AdminUserQuery query, CancellationToken ct)
    {
        var search = string.IsNullOrWhiteSpace(query.Search) ? null : query.Search.Trim();
        var (source, missing) = SourceOf(query, search);
        if (!NeedsChecks(query, search))
        {
            return await source(query.Skip, query.Take + 1, ct) is { } page ? ([.. page], null) : ([], missing);
        }

        HashSet<string?>? withRole = null;
        if (query is { GroupId: not null, Role: { } role })
        {
            var (ids, error) = await ReadIdsAsync((first, max, token) => users.ListOfRoleAsync(role, first, max, token), ct);
            if (ids is null)
            {
                return ([], error ?? NoRole());
            }

            withRole = ids;
        }

        return await ReadAsync(source, missing, user => Matches(user, query, search) && withRole?.Contains(user.Id) != false, query.Skip, query.Take + 1, ct);
    }

    private static ApiError NoRole() => ApiError.Invalid("role", "There is no such role.");

    private static ApiError TooBroad() =>
        ApiError.Invalid("search", $"These conditions would have to be checked for more than {MaxRead} users. Narrow them with 'search'.");

    private static bool NeedsChecks(AdminUserQuery query, string? search) =>
        query.ExcludeGuests == true
        || (query.GroupId ?? query.Role) is not null && (search is not null || query.Enabled is not null || query is { GroupId: not null, Role: not null })
        || (search is not null && query.Enabled is not null);

    private static bool Matches(KeycloakUser user, AdminUserQuery query, string? search) =>
        (query.Enabled is not { } enabled || (user.Enabled ?? true) == enabled)
        && (query.ExcludeGuests != true || !AdminUser.IsGuestOf(user))
        && (search is null || (query.GroupId ?? query.Role) is null || Contains(user, search));

    private static bool Contains(KeycloakUser user, string search) =>
        new[] { user.Username, user.Email, user.FirstName, user.LastName }
            .Any(text => text?.Contains(search, StringComparison.OrdinalIgnoreCase) == true);

    private (Source Source, ApiError? Missing) SourceOf(AdminUserQuery query, string? search) => query switch
    {
        { GroupId: { } group } => (
            (first, max, ct) => groups.ListMembersAsync(group, first, max, ct), ApiError.Invalid("group_id", "There is no such group.")),
        { Role: { } role } => ((first, max, ct) => users.ListOfRoleAsync(role, first, max, ct), NoRole()),
        _ => (async (first, max, ct) => await users.SearchAsync(search, query.Enabled, first, max, ct), null),
    };

    private async Task<(HashSet<string?>? Ids, ApiError? Error)> ReadIdsAsync(Source source, CancellationToken ct)
    {
        var (all, error) = await ReadAsync(source, NoRole(), _ => true, 0, MaxRead, ct);
        return error is null ? (all.Select(user => user.Id).ToHashSet(StringComparer.Ordinal), null) : (null, error);
    }

    private static async Task<(List<KeycloakUser> Users, ApiError? Error)> ReadAsync(
        Source source, ApiError? missing, Func<KeycloakUser, bool> matches, int skip, int take, CancellationToken ct)
    {
        var found = new List<KeycloakUser>();
        for (var read = 0; read < MaxRead; read += Batch)
        {
            if (await source(read, Batch, ct) is not { } batch)
            {
                return ([], missing);
            }

            foreach (var user in batch.Where(matches))
            {
                if (skip > 0)
                {
                    skip--;
                }
                else if (found.Count < take)
                {
                    found.Add(user);
                }
            }

            if (found.Count == take || batch.Length < Batch)
            {
                return (found, null);
            }
        }

        return ([], TooBroad());
    }
}
