using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>Sends requests to Keycloak's admin REST API with a token that is good, and says what its answers mean.</summary>
internal sealed class KeycloakAdminApi(KeycloakClient client, KeycloakAdminToken token, IOptions<KeycloakOptions> options)
{
    private readonly string _realm = $"admin/realms/{Uri.EscapeDataString(options.Value.Realm)}";

    /// <summary>Makes sure that there is an admin token.</summary>
    public Task SignInAsync(CancellationToken ct) => token.GetAsync(client, ct);

    /// <summary>Sends a request to a path of the users' realm.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Func<HttpContent>? content, CancellationToken ct)
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

    /// <summary>Reads what is at a path; null when nothing is.</summary>
    public async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, ct);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        Require(response, "reading", HttpStatusCode.OK);
        return await KeycloakClient.ReadAsync(response, type, ct);
    }

    /// <summary>Changes something; the reason when it is refused, which for what is not there is a 404.</summary>
    /// <param name="method">POST, PUT or DELETE.</param>
    /// <param name="path">Where.</param>
    /// <param name="content">Makes the body.</param>
    /// <param name="what">What is there, as a client calls it.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<ApiError?> ChangeAsync(HttpMethod method, string path, Func<HttpContent>? content, string what, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, content, ct);
        return response.IsSuccessStatusCode ? null : await RefusalAsync(response, what, ct);
    }

    /// <summary>Makes something and returns its id, or the reason why it is refused.</summary>
    public async Task<(string? Id, ApiError? Error)> CreateAsync(string path, Func<HttpContent> content, string what, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Post, path, content, ct);
        return response.StatusCode is HttpStatusCode.Created
            ? (IdOfCreated(response), null)
            : (null, await RefusalAsync(response, what, ct));
    }

    /// <summary>The id at the end of an answer's <c>Location</c>.</summary>
    public static string IdOfCreated(HttpResponseMessage response) =>
        response.Headers.Location?.OriginalString.Split('/') is [.., { Length: > 0 } id]
            ? Uri.UnescapeDataString(id)
            : throw IdentityProviderException.Unexpected("making something gave no Location");

    /// <summary>Fails unless the answer has one of the statuses.</summary>
    public static void Require(HttpResponseMessage response, string what, params ReadOnlySpan<HttpStatusCode> expected)
    {
        if (!expected.Contains(response.StatusCode))
        {
            throw KeycloakClient.Unexpected(what, response);
        }
    }

    private static async Task<ApiError> RefusalAsync(HttpResponseMessage response, string what, CancellationToken ct)
    {
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return ApiError.NotFound(what);
        }

        if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Conflict))
        {
            throw KeycloakClient.Unexpected($"changing a {what}", response);
        }

        var refusal = await ReadRefusalAsync(response, ct);
        var message = refusal.ErrorDescription ?? refusal.ErrorMessage ?? $"The identity provider does not accept this {what}.";
        var param = FieldOf(refusal.Field, message);
        return response.StatusCode is HttpStatusCode.Conflict
            ? ApiError.Conflict(message, param)
            : new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidValue, message, param);
    }

    private static async Task<KeycloakAdminRefusal> ReadRefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(KeycloakJson.Default.KeycloakAdminRefusal, ct) ?? new();
        }
        catch (JsonException)
        {
            // The status says enough.
            return new();
        }
    }

    /// <summary>Keycloak names the field only sometimes; its message does the rest of the time.</summary>
    private static string? FieldOf(string? field, string message) => field switch
    {
        "username" or "email" or "name" => field,
        "firstName" => "first_name",
        "lastName" => "last_name",
        "value" or "password" => "password",
        _ when message.Contains("password", StringComparison.OrdinalIgnoreCase) => "password",
        _ when message.Contains("email", StringComparison.OrdinalIgnoreCase) => "email",
        _ when message.Contains("username", StringComparison.OrdinalIgnoreCase) => "username",
        _ when message.Contains("group", StringComparison.OrdinalIgnoreCase) => "name",
        _ => null,
    };
}
