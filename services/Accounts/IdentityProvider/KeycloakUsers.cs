using System.Globalization;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>What administration needs of Keycloak's users. Ids and names that no user can have are found nowhere.</summary>
internal sealed class KeycloakUsers(KeycloakAdminApi api)
{
    private const string User = "user";

    /// <summary>Users whose name or address contains <paramref name="search"/>.</summary>
    public async Task<KeycloakUser[]> SearchAsync(string? search, bool? enabled, int first, int max, CancellationToken ct)
    {
        var filter = string.Concat(
            search is null ? "" : $"&search={Uri.EscapeDataString(search)}",
            enabled is { } isEnabled ? $"&enabled={(isEnabled ? "true" : "false")}" : "");
        return await api.FindAsync($"users?{Page(first, max)}{filter}", KeycloakJson.Default.KeycloakUserArray, ct) ?? [];
    }

    /// <summary>The users who have a role themselves; null when there is no such role.</summary>
    public Task<KeycloakUser[]?> ListOfRoleAsync(string role, int first, int max, CancellationToken ct) =>
        PathSegment.IsSafe(role)
            ? api.FindAsync($"roles/{Uri.EscapeDataString(role)}/users?{Page(first, max)}", KeycloakJson.Default.KeycloakUserArray, ct)
            : Task.FromResult<KeycloakUser[]?>(null);

    public Task<KeycloakUser?> FindAsync(string id, CancellationToken ct) =>
        PathSegment.IsSafe(id) ? api.FindAsync(Path(id), KeycloakJson.Default.KeycloakUser, ct) : Task.FromResult<KeycloakUser?>(null);

    /// <summary>Makes a user, with its password if it has one, in one step.</summary>
    public Task<(string? Id, ApiError? Error)> CreateAsync(KeycloakUser user, CancellationToken ct) =>
        api.CreateAsync("users", () => JsonContent.Create(user, KeycloakJson.Default.KeycloakUser), User, ct);

    public Task<ApiError?> UpdateAsync(string id, KeycloakUser change, CancellationToken ct) =>
        ChangeAsync(id, HttpMethod.Put, "", () => JsonContent.Create(change, KeycloakJson.Default.KeycloakUser), ct);

    public Task<ApiError?> RemoveAsync(string id, CancellationToken ct) => ChangeAsync(id, HttpMethod.Delete, "", null, ct);

    /// <summary>The roles that a user has; none when there is no such user.</summary>
    public async Task<KeycloakRole[]> RolesOfAsync(string id, CancellationToken ct) =>
        await api.FindAsync(Path(id) + "/role-mappings/realm", KeycloakJson.Default.KeycloakRoleArray, ct) ?? [];

    /// <summary>The groups that a user is in; none when there is no such user.</summary>
    public async Task<KeycloakGroup[]> GroupsOfAsync(string id, CancellationToken ct) =>
        await api.FindAsync(Path(id) + "/groups?briefRepresentation=false", KeycloakJson.Default.KeycloakGroupArray, ct) ?? [];

    /// <summary>A role of the realm.</summary>
    public Task<KeycloakRole?> FindRoleAsync(string name, CancellationToken ct) =>
        PathSegment.IsSafe(name)
            ? api.FindAsync($"roles/{Uri.EscapeDataString(name)}", KeycloakJson.Default.KeycloakRole, ct)
            : Task.FromResult<KeycloakRole?>(null);

    public Task<ApiError?> GiveRoleAsync(string id, KeycloakRole role, CancellationToken ct) =>
        ChangeAsync(id, HttpMethod.Post, "/role-mappings/realm", () => Roles(role), ct);

    public Task<ApiError?> TakeRoleAsync(string id, KeycloakRole role, CancellationToken ct) =>
        ChangeAsync(id, HttpMethod.Delete, "/role-mappings/realm", () => Roles(role), ct);

    public Task<ApiError?> JoinAsync(string id, string group, CancellationToken ct) =>
        ChangeAsync(id, HttpMethod.Put, $"/groups/{Uri.EscapeDataString(group)}", null, ct);

    public Task<ApiError?> LeaveAsync(string id, string group, CancellationToken ct) =>
        ChangeAsync(id, HttpMethod.Delete, $"/groups/{Uri.EscapeDataString(group)}", null, ct);

    /// <summary>The query of a page of whole users, attributes included.</summary>
    internal static string Page(int first, int max) =>
        string.Create(CultureInfo.InvariantCulture, $"first={first}&max={max}&briefRepresentation=false");

    private static JsonContent Roles(KeycloakRole role) => JsonContent.Create([role], KeycloakJson.Default.KeycloakRoleArray);

    private static string Path(string id) => $"users/{Uri.EscapeDataString(id)}";

    private Task<ApiError?> ChangeAsync(string id, HttpMethod method, string below, Func<HttpContent>? content, CancellationToken ct) =>
        PathSegment.IsSafe(id)
            ? api.ChangeAsync(method, Path(id) + below, content, User, ct)
            : Task.FromResult<ApiError?>(ApiError.NotFound(User));
}
