using JanServer.Identity.Admin;
using JanServer.Identity.Realms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Identity.Keys;

/// <summary>/admin/realms/jan/keys. Listing is Keycloak's; rotating at once, for a key that got out, is our addition.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder admin)
    {
        admin.MapGroup("/keys").AddEndpointFilter(AdminAccess.ViewRealm).MapGet("/", ListAsync);
        admin.MapGroup("/keys").AddEndpointFilter(AdminAccess.ManageRealm).MapPost("/rotate", RotateAsync);
    }

    private static async Task<Ok<KeysMetadata>> ListAsync(KeyStore keys, CancellationToken ct)
    {
        var all = await keys.ListAllAsync(Realm.Jan, ct);
        var active = all.Where(key => key.State == KeyState.Active).ToDictionary(_ => "RS256", key => key.Kid);
        return TypedResults.Ok(new KeysMetadata(active, all.ConvertAll(KeyMetadata.From)));
    }

    private static async Task<Ok<KeysMetadata>> RotateAsync(KeyRing ring, KeyStore keys, CancellationToken ct)
    {
        await ring.RotateAsync(Realm.Jan, TimeSpan.Zero, ct);
        return await ListAsync(keys, ct);
    }
}
