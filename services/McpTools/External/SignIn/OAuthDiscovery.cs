using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JanServer.McpTools.External.Servers;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Outbound;

namespace JanServer.McpTools.External.SignIn;

/// <summary>
/// Finds out where users of a server sign in: RFC 9728 metadata, by the server's challenge or at the well-known places, then RFC 8414 or
/// OpenID metadata of the authorization server. A server without RFC 9728 is its own authorization server, as in revision 2025-03-26.
/// </summary>
internal sealed class OAuthDiscovery(ServerAddresses addresses, TimeProvider clock)
{
    private const int MaxBytes = 256 << 10;

    public async Task<(AuthorizationServer? Server, ApiError? Error)> FindAsync(ExternalServer server, CancellationToken ct)
    {
        var url = new Uri(server.Url!);
        var client = addresses.ClientFor(server);
        var challenge = await SignInChallenge.AskAsync(server, addresses, clock, ct);
        var resource = await ResourceAsync(client, url, challenge.Metadata, ct);
        if (resource is { Resource: { } named } && !IsOf(url, named))
        {
            return (null, ApiError.Upstream("The server's metadata (RFC 9728) is about another resource."));
        }

        var issuer = resource?.AuthorizationServers is [var first, ..] ? first : Origin(url);
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var issuerUri) || !IsFit(issuerUri, url))
        {
            return (null, ApiError.Upstream("The server names no authorization server that can be used: its address must be https."));
        }

        var metadata = await MetadataAsync(client, issuerUri, issuer, ct);
        if (metadata is null)
        {
            return (null, ApiError.Upstream("The server's authorization server does not describe itself as RFC 8414 says."));
        }

        if (Endpoint(metadata.AuthorizationEndpoint, url) is not { } authorization || Endpoint(metadata.TokenEndpoint, url) is not { } token)
        {
            return (null, ApiError.Upstream("The authorization server names no endpoints that can be used: they must be https."));
        }

        if (metadata.CodeChallengeMethodsSupported?.Contains("S256", StringComparer.Ordinal) != true)
        {
            return (null, ApiError.Upstream("The authorization server does not support PKCE with S256, which signing in takes."));
        }

        var scopes = server.Scopes.Length > 0 ? server.Scopes : challenge.Scopes ?? resource?.ScopesSupported ?? [];
        var methods = metadata.TokenEndpointAuthMethodsSupported;
        return (
            new(
                issuer,
                authorization,
                token,
                Endpoint(metadata.RegistrationEndpoint, url),
                resource?.Resource ?? url.AbsoluteUri,
                scopes,
                metadata.AuthorizationResponseIssParameterSupported == true,
                methods is null || methods.Contains("client_secret_basic", StringComparer.Ordinal)),
            null);
    }

    private static async Task<ResourceMetadata?> ResourceAsync(OutboundClient client, Uri url, Uri? told, CancellationToken ct)
    {
        var path = url.AbsolutePath.TrimEnd('/');
        Uri[] places =
        [
            .. told is null ? Array.Empty<Uri>() : [told],
            .. path.Length > 0 ? [new(url, "/.well-known/oauth-protected-resource" + path)] : Array.Empty<Uri>(),
            new(url, "/.well-known/oauth-protected-resource"),
        ];
        foreach (var place in places)
        {
            if (await GetAsync(client, place, ExternalJson.Default.ResourceMetadata, ct) is { AuthorizationServers.Count: > 0 } metadata)
            {
                return metadata;
            }
        }

        return null;
    }

    private static async Task<ServerMetadata?> MetadataAsync(OutboundClient client, Uri issuer, string name, CancellationToken ct)
    {
        var path = issuer.AbsolutePath.TrimEnd('/');
        foreach (var place in (string[])
            [
                "/.well-known/oauth-authorization-server" + path,
                "/.well-known/openid-configuration" + path,
                path + "/.well-known/openid-configuration",
            ])
        {
            // RFC 8414 section 3.3: metadata of another name is somebody's trick.
            if (await GetAsync(client, new(issuer, place), ExternalJson.Default.ServerMetadata, ct) is { } metadata
                && string.Equals(metadata.Issuer?.TrimEnd('/'), name.TrimEnd('/'), StringComparison.Ordinal))
            {
                return metadata;
            }
        }

        return null;
    }

    private static async Task<T?> GetAsync<T>(OutboundClient client, Uri url, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        var result = await client.GetAsync(url, MaxBytes, ct);
        if (!result.HasResponse || !result.Response.IsSuccess)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(result.Response.Body.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // RFC 9728 section 3.3; a resource may be the server's origin, or a path above its endpoint.
    private static bool IsOf(Uri url, string resource) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var named)
        && Origin(named).Equals(Origin(url), StringComparison.OrdinalIgnoreCase)
        && (url.AbsolutePath.TrimEnd('/') + "/").StartsWith(named.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static Uri? Endpoint(string? text, Uri server) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsFit(uri, server) ? uri : null;

    // A server that is itself reached without TLS is one of a private network, or of a test.
    private static bool IsFit(Uri uri, Uri server) =>
        uri is { UserInfo: "", Fragment: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && server.Scheme == Uri.UriSchemeHttp));

    private static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
