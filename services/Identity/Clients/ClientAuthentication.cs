using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Clients;

/// <summary>Authenticates the client of a form request: client_secret_basic, client_secret_post, or none for public clients.</summary>
internal sealed class ClientAuthentication(ClientCatalog clients, FailureThrottle throttle)
{
    /// <summary>The client, or why not. One of the two is null.</summary>
    public (Client? Client, OAuthError? Error) Authenticate(HttpContext http, Realm realm, TokenForm form)
    {
        if (throttle.IsExhausted(http))
        {
            return (null, OAuthError.TooManyRequests());
        }

        var basic = http.Request.Headers.Authorization.ToString();
        var usesBasic = basic.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        if (usesBasic && form["client_secret"] is not null)
        {
            return (null, OAuthError.InvalidRequest("More than one client authentication method was used"));
        }

        var (id, secret) = usesBasic ? ReadBasic(basic) : (form["client_id"], form["client_secret"]);
        if (usesBasic && form["client_id"] is { } named && named != id)
        {
            return (null, OAuthError.InvalidRequest("client_id differs from the authenticated client"));
        }

        var client = clients.Find(realm, id);
        var matches = SecretMatches(client?.Settings.Secret, secret);
        if (client is { IsPublic: true } || (client is not null && matches))
        {
            return (client, null);
        }

        throttle.Count(http);
        return (null, OAuthError.InvalidClient(usesBasic));
    }

    /// <summary>RFC 6749 section 2.3.1: both halves are form-urlencoded before they are joined.</summary>
    private static (string? Id, string? Secret) ReadBasic(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || value.Parameter is not { } parameter || !Base64.IsValid(parameter))
        {
            return (null, null);
        }

        var text = Encoding.UTF8.GetString(Convert.FromBase64String(parameter));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (null, null) : (Decode(text[..colon]), Decode(text[(colon + 1)..]));
    }

    private static string Decode(string value) => Uri.UnescapeDataString(value.Replace('+', ' '));

    /// <summary>Compares digests, so neither the content nor the length of the secret shows in the time taken.</summary>
    private static bool SecretMatches(string? expected, string? actual)
    {
        var left = SHA256.HashData(Encoding.UTF8.GetBytes(expected ?? ""));
        var right = SHA256.HashData(Encoding.UTF8.GetBytes(actual ?? ""));
        return CryptographicOperations.FixedTimeEquals(left, right) && expected is not null && actual is not null;
    }
}
