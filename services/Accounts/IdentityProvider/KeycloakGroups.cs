using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>What administration needs of Keycloak's groups.</summary>
internal sealed class KeycloakGroups(KeycloakAdminApi api)
{
    private const string Group = "group";

    public async Task<KeycloakGroup[]> ListAsync(int first, int max, CancellationToken ct) =>
        await api.FindAsync($"groups?{KeycloakUsers.Page(first, max)}", KeycloakJson.Default.KeycloakGroupArray, ct) ?? [];

    public Task<KeycloakGroup?> FindAsync(string id, CancellationToken ct) =>
        PathSegment.IsSafe(id) ? api.FindAsync(Path(id), KeycloakJson.Default.KeycloakGroup, ct) : Task.FromResult<KeycloakGroup?>(null);

    /// <summary>The members of a group; null when there is no such group.</summary>
    public Task<KeycloakUser[]?> ListMembersAsync(string id, int first, int max, CancellationToken ct) =>
        PathSegment.IsSafe(id)
            ? api.FindAsync($"{Path(id)}/members?{KeycloakUsers.Page(first, max)}", KeycloakJson.Default.KeycloakUserArray, ct)
            : Task.FromResult<KeycloakUser[]?>(null);

    public Task<(string? Id, ApiError? Error)> CreateAsync(KeycloakGroup group, CancellationToken ct) =>
        api.CreateAsync("groups", () => JsonContent.Create(group, KeycloakJson.Default.KeycloakGroup), Group, ct);

    /// <summary>Changes a group. Keycloak wants the name in every change, and takes absent attributes for unchanged ones.</summary>
    public Task<ApiError?> UpdateAsync(string id, KeycloakGroup change, CancellationToken ct) =>
        ChangeAsync(id, HttpMethod.Put, () => JsonContent.Create(change, KeycloakJson.Default.KeycloakGroup), ct);

    public Task<ApiError?> RemoveAsync(string id, CancellationToken ct) => ChangeAsync(id, HttpMethod.Delete, null, ct);

    private static string Path(string id) => $"groups/{Uri.EscapeDataString(id)}";

    private Task<ApiError?> ChangeAsync(string id, HttpMethod method, Func<HttpContent>? content, CancellationToken ct) =>
        PathSegment.IsSafe(id)
            ? api.ChangeAsync(method, Path(id), content, Group, ct)
            : Task.FromResult<ApiError?>(ApiError.NotFound(Group));
}
