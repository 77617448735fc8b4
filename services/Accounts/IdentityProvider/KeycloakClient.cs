using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>
/// The OpenID Connect endpoints of the users' realm (RFC 6749, RFC 7009, OpenID Connect Core). What the provider is meant to refuse
/// comes back as null or false; anything else it does wrong is an <see cref="IdentityProviderException"/>.
/// </summary>
internal sealed class KeycloakClient(HttpClient http, IOptions<KeycloakOptions> options)
{
    private readonly KeycloakOptions _options = options.Value;

    /// <summary>Signs a user of the realm in with a password; null when the provider refuses.</summary>
    public Task<KeycloakTokens?> SignInAsync(string username, string password, CancellationToken ct) =>
        GrantAsync(_options.Realm, AsUserClient(new() { ["grant_type"] = "password", ["username"] = username, ["password"] = password, ["scope"] = "openid" }), ct);

    /// <summary>Trades a refresh token for new tokens; null when the provider refuses it.</summary>
    public Task<KeycloakTokens?> RefreshAsync(string refreshToken, CancellationToken ct) =>
        GrantAsync(_options.Realm, AsUserClient(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }), ct);

    /// <summary>Signs the service account of the backend client in; null when the provider refuses.</summary>
    public Task<KeycloakTokens?> SignInAsBackendAsync(CancellationToken ct) =>
        GrantAsync(
            _options.Realm,
            new()
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = _options.BackendClientId!,
                ["client_secret"] = _options.BackendClientSecret!,
            },
            ct);

    /// <summary>Signs the administrator in; null when the provider refuses.</summary>
    public Task<KeycloakTokens?> SignInAsAdminAsync(CancellationToken ct) =>
        GrantAsync(
            _options.AdminRealm,
            new()
            {
                ["grant_type"] = "password",
                ["client_id"] = _options.AdminClientId,
                ["username"] = _options.AdminUsername!,
                ["password"] = _options.AdminPassword!,
            },
            ct);

    /// <summary>Ends the session that a refresh token belongs to; false when the provider refuses the token.</summary>
    public async Task<bool> LogOutAsync(string refreshToken, CancellationToken ct) =>
        await PostAsync("logout", AsUserClient(new() { ["refresh_token"] = refreshToken }), ct);

    /// <summary>Revokes a refresh or an access token; an unknown one counts as revoked (RFC 7009, section 2.2).</summary>
    public async Task<bool> RevokeAsync(string token, CancellationToken ct) =>
        await PostAsync("revoke", AsUserClient(new() { ["token"] = token }), ct);

    /// <summary>What the provider says about the user of an access token; null when it does not accept the token.</summary>
    public async Task<JsonElement?> FindUserInfoAsync(string accessToken, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(_options.Realm, "userinfo"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var response = await SendAsync(request, ct);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await ReadAsync(response, KeycloakJson.Default.JsonElement, ct),
            HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => null,
            _ => throw Unexpected("userinfo", response),
        };
    }

    /// <summary>Sends a request with the deadline and the failures of this client.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSeconds));
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, deadline.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not ObjectDisposedException)
        {
            throw IdentityProviderException.Down(e.Message, e);
        }

        if ((int)response.StatusCode < 500)
        {
            return response;
        }

        using (response)
        {
            throw IdentityProviderException.Down($"{request.Method} {request.RequestUri} answered {(int)response.StatusCode}");
        }
    }

    /// <summary>Reads an answer that must be of the type.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken ct)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, ct)
                ?? throw IdentityProviderException.Unexpected("an empty body");
        }
        catch (JsonException e)
        {
            throw IdentityProviderException.Unexpected("a body that is not the JSON it should be", e);
        }
    }

    /// <summary>The failure of a request that was answered with a status it should not have been.</summary>
    public static IdentityProviderException Unexpected(string what, HttpResponseMessage response) =>
        IdentityProviderException.Unexpected($"{what} answered {(int)response.StatusCode}");

    private async Task<KeycloakTokens?> GrantAsync(string realm, Dictionary<string, string> form, CancellationToken ct)
    {
        using var request = Form(realm, "token", form);
        using var response = await SendAsync(request, ct);
        if (response.IsSuccessStatusCode)
        {
            return await ReadAsync(response, KeycloakJson.Default.KeycloakTokens, ct) is { AccessToken.Length: > 0 } tokens
                ? tokens
                : throw IdentityProviderException.Unexpected("a token answer without an access token");
        }

        // Only these say that the user's own credential is bad; invalid_client and the like are our configuration.
        return await ErrorOfAsync(response, ct) is "invalid_grant" or "invalid_token" or "invalid_request"
            ? null
            : throw Unexpected($"the {form["grant_type"]} grant", response);
    }

    private async Task<bool> PostAsync(string endpoint, Dictionary<string, string> form, CancellationToken ct)
    {
        using var request = Form(_options.Realm, endpoint, form);
        using var response = await SendAsync(request, ct);
        return response.IsSuccessStatusCode
            || (response.StatusCode is HttpStatusCode.BadRequest ? false : throw Unexpected(endpoint, response));
    }

    private static async Task<string?> ErrorOfAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync(KeycloakJson.Default.KeycloakRefusal, ct))?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static HttpRequestMessage Form(string realm, string endpoint, Dictionary<string, string> form) =>
        new(HttpMethod.Post, Path(realm, endpoint)) { Content = new FormUrlEncodedContent(form) };

    private static string Path(string realm, string endpoint) =>
        $"realms/{Uri.EscapeDataString(realm)}/protocol/openid-connect/{endpoint}";

    private Dictionary<string, string> AsUserClient(Dictionary<string, string> form)
    {
        form["client_id"] = _options.ClientId;
        if (!string.IsNullOrEmpty(_options.ClientSecret))
        {
            form["client_secret"] = _options.ClientSecret;
        }

        return form;
    }
}
