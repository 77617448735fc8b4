using System.Net;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>What guests need of Keycloak's admin REST API: making and removing users of the realm.</summary>
internal sealed class KeycloakAdmin(KeycloakAdminApi api)
{
    /// <summary>Makes sure that there is an admin token.</summary>
    public Task SignInAsync(CancellationToken ct) => api.SignInAsync(ct);

    /// <summary>Makes a user and returns the id that the provider gave it, which is the <c>sub</c> of its tokens.</summary>
    public async Task<string> AddUserAsync(KeycloakUser user, CancellationToken ct)
    {
        using var response = await api.SendAsync(HttpMethod.Post, "users", () => JsonContent.Create(user, KeycloakJson.Default.KeycloakUser), ct);
        KeycloakAdminApi.Require(response, "making a user", HttpStatusCode.Created);
        return KeycloakAdminApi.IdOfCreated(response);
    }

    /// <summary>Finds the id of the user with exactly this address. A realm may use it as username too, so that is no way to find one.</summary>
    public async Task<string?> FindUserIdAsync(string email, CancellationToken ct)
    {
        using var response = await api.SendAsync(HttpMethod.Get, $"users?exact=true&email={Uri.EscapeDataString(email)}", null, ct);
        KeycloakAdminApi.Require(response, "finding a user", HttpStatusCode.OK);
        var found = await KeycloakClient.ReadAsync(response, KeycloakJson.Default.KeycloakUserArray, ct);
        return found.FirstOrDefault(user => string.Equals(user.Email, email, StringComparison.OrdinalIgnoreCase))?.Id;
    }

    /// <summary>Gives a user a role of the realm.</summary>
    public async Task AddRealmRoleAsync(string userId, string role, CancellationToken ct)
    {
        using var found = await api.SendAsync(HttpMethod.Get, $"roles/{Uri.EscapeDataString(role)}", null, ct);
        KeycloakAdminApi.Require(found, $"finding the role '{role}'", HttpStatusCode.OK);
        KeycloakRole[] roles = [await KeycloakClient.ReadAsync(found, KeycloakJson.Default.KeycloakRole, ct)];

        using var response = await api.SendAsync(
            HttpMethod.Post,
            $"users/{Uri.EscapeDataString(userId)}/role-mappings/realm",
            () => JsonContent.Create(roles, KeycloakJson.Default.KeycloakRoleArray),
            ct);
        KeycloakAdminApi.Require(response, $"giving the role '{role}'", HttpStatusCode.NoContent);
    }

    /// <summary>Sets a user's password.</summary>
    public async Task SetPasswordAsync(string userId, string password, CancellationToken ct)
    {
        using var response = await api.SendAsync(
            HttpMethod.Put,
            $"users/{Uri.EscapeDataString(userId)}/reset-password",
            () => JsonContent.Create(new KeycloakPassword(password), KeycloakJson.Default.KeycloakPassword),
            ct);
        KeycloakAdminApi.Require(response, "setting a password", HttpStatusCode.NoContent);
    }

    /// <summary>Removes a user; one that is gone already counts as removed.</summary>
    public async Task RemoveUserAsync(string userId, CancellationToken ct)
    {
        using var response = await api.SendAsync(HttpMethod.Delete, $"users/{Uri.EscapeDataString(userId)}", null, ct);
        KeycloakAdminApi.Require(response, "removing a user", HttpStatusCode.NoContent, HttpStatusCode.NotFound);
    }
}
