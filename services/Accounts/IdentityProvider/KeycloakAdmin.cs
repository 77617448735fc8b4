using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>The part of Keycloak's admin REST API that accounts needs: making and removing users of the realm.</summary>
internal sealed class KeycloakAdmin(KeycloakClient client, KeycloakAdminToken token, IOptions<KeycloakOptions> options)
{
    private readonly string _realm = $"admin/realms/{Uri.EscapeDataString(options.Value.Realm)}";

    /// <summary>Makes sure that there is an admin token.</summary>
    public Task SignInAsync(CancellationToken ct) => token.GetAsync(client, ct);

    /// <summary>Makes a user and returns the id that the provider gave it, which is the <c>sub</c> of its tokens.</summary>
    public async Task<string> AddUserAsync(KeycloakUser user, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Post, "users", () => JsonContent.Create(user, KeycloakJson.Default.KeycloakUser), ct);
        Require(response, "making a user", HttpStatusCode.Created);
        return response.Headers.Location?.OriginalString.Split('/') is [.., { Length: > 0 } id]
            ? Uri.UnescapeDataString(id)
            : throw IdentityProviderException.Unexpected("making a user gave no Location");
    }

    /// <summary>Finds the id of the user with exactly this address. A realm may use it as username too, so that is no way to find one.</summary>
    public async Task<string?> FindUserIdAsync(string email, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Get, $"users?exact=true&email={Uri.EscapeDataString(email)}", null, ct);
        Require(response, "finding a user", HttpStatusCode.OK);
        var found = await KeycloakClient.ReadAsync(response, KeycloakJson.Default.KeycloakUserArray, ct);
        return found.FirstOrDefault(user => string.Equals(user.Email, email, StringComparison.OrdinalIgnoreCase))?.Id;
    }

    /// <summary>Gives a user a role of the realm.</summary>
    public async Task AddRealmRoleAsync(string userId, string role, CancellationToken ct)
    {
        using var found = await SendAsync(HttpMethod.Get, $"roles/{Uri.EscapeDataString(role)}", null, ct);
        Require(found, $"finding the role '{role}'", HttpStatusCode.OK);
        KeycloakRole[] roles = [await KeycloakClient.ReadAsync(found, KeycloakJson.Default.KeycloakRole, ct)];

        using var response = await SendAsync(
            HttpMethod.Post,
            $"users/{Uri.EscapeDataString(userId)}/role-mappings/realm",
            () => JsonContent.Create(roles, KeycloakJson.Default.KeycloakRoleArray),
            ct);
        Require(response, $"giving the role '{role}'", HttpStatusCode.NoContent);
    }

    /// <summary>Sets a user's password.</summary>
    public async Task SetPasswordAsync(string userId, string password, CancellationToken ct)
    {
        using var response = await SendAsync(
            HttpMethod.Put,
            $"users/{Uri.EscapeDataString(userId)}/reset-password",
            () => JsonContent.Create(new KeycloakPassword(password), KeycloakJson.Default.KeycloakPassword),
            ct);
        Require(response, "setting a password", HttpStatusCode.NoContent);
    }

    /// <summary>Removes a user; one that is gone already counts as removed.</summary>
    public async Task RemoveUserAsync(string userId, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"users/{Uri.EscapeDataString(userId)}", null, ct);
        Require(response, "removing a user", HttpStatusCode.NoContent, HttpStatusCode.NotFound);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Func<HttpContent>? content, CancellationToken ct)
    {
        var bearer = await token.GetAsync(client, ct);
        var response = await SendOnceAsync(bearer);
        if (response.StatusCode is not HttpStatusCode.Unauthorized)
        {
            return response;
        }

        // The provider restarted with new keys, or ended the session: the kept token is worth nothing any more.
        response.Dispose();
        token.Forget(bearer);
        return await SendOnceAsync(await token.GetAsync(client, ct));

        async Task<HttpResponseMessage> SendOnceAsync(string accessToken)
        {
            using var request = new HttpRequestMessage(method, $"{_realm}/{path}") { Content = content?.Invoke() };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
            return await client.SendAsync(request, ct);
        }
    }

    private static void Require(HttpResponseMessage response, string what, params ReadOnlySpan<HttpStatusCode> expected)
    {
        if (!expected.Contains(response.StatusCode))
        {
            throw KeycloakClient.Unexpected(what, response);
        }
    }
}
