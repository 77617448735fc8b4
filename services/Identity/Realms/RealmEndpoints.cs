using JanServer.Identity.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Identity.Realms;

/// <summary>What a realm says about itself: description, discovery, keys.</summary>
internal static class RealmEndpoints
{
    public static void MapRealmDescription(this IEndpointRouteBuilder realm)
    {
        realm.MapGet("/", DescribeAsync);
        realm.MapGet("/.well-known/openid-configuration", Discover);
        realm.MapGet("/.well-known/oauth-authorization-server", Discover);
        realm.MapGet("/protocol/openid-connect/certs", ListKeysAsync);
    }

    private static async Task<Ok<RealmResource>> DescribeAsync(Realm realm, KeyStore keys, TimeProvider clock, CancellationToken ct)
    {
        var usable = await keys.ListUsableAsync(realm.Name, clock.GetUtcNow(), ct);
        return TypedResults.Ok(new RealmResource(
            realm.Name,
            Convert.ToBase64String(usable[0].PublicKey),
            $"{realm.Issuer}/protocol/openid-connect",
            $"{realm.Issuer}/account",
            0));
    }

    private static Ok<DiscoveryDocument> Discover(Realm realm) => TypedResults.Ok(new DiscoveryDocument
    {
        Issuer = realm.Issuer,
        AuthorizationEndpoint = realm.Endpoint("auth"),
        TokenEndpoint = realm.Endpoint("token"),
        IntrospectionEndpoint = realm.Endpoint("token/introspect"),
        UserInfoEndpoint = realm.Endpoint("userinfo"),
        EndSessionEndpoint = realm.Endpoint("logout"),
        RevocationEndpoint = realm.Endpoint("revoke"),
        JwksUri = realm.Endpoint("certs"),
    });

    /// <summary>Always from the database: the replica that answers may not be the one that made the newest key.</summary>
    private static async Task<Ok<JsonWebKeySet>> ListKeysAsync(Realm realm, HttpContext http, KeyStore keys, TimeProvider clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-cache";
        var usable = await keys.ListUsableAsync(realm.Name, clock.GetUtcNow(), ct);
        return TypedResults.Ok(new JsonWebKeySet(usable.ConvertAll(JsonWebKey.From)));
    }
}
