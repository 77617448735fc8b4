using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Providers;

/// <summary>Administration of providers.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder v1)
    {
        var providers = v1.MapGroup("/admin/providers").RequireAdmin().WithTags("Providers");
        providers.MapGet("/", ListAsync).WithName("ListProviders").WithSummary("Lists all providers with their health, without their credentials.");
        providers.MapPost("/", CreateAsync).WithName("CreateProvider").WithSummary("Adds a provider and lists its models.");
        providers.MapPost("/rotate-keys", RotateAsync).WithName("RotateProviderKeys")
            .WithSummary("Encrypts stored credentials anew that are not under the current master key.");
        providers.MapGet("/{id}", GetAsync).WithName("GetProvider").WithSummary("Describes a stored provider.");
        providers.MapPatch("/{id}", UpdateAsync).WithName("UpdateProvider")
            .WithSummary("Changes a stored provider; what is absent stays, null clears what may be empty.");
        providers.MapDelete("/{id}", RemoveAsync).WithName("DeleteProvider").WithSummary("Removes a stored provider.");
        providers.MapPost("/{id}/sync", SyncAsync).WithName("SyncProvider").WithSummary("Asks a provider for its models now, not when it is due.");
    }

    private static async Task<Ok<IReadOnlyList<ProviderResource>>> ListAsync(ProviderAdministration administration, CancellationToken ct, string? search = null) =>
        TypedResults.Ok(await administration.ListAsync(search, ct));

    private static async Task<Results<Ok<ProviderResource>, ApiError>> CreateAsync(
        CreateProvider input, ProviderAdministration administration, CancellationToken ct)
    {
        var (provider, error) = await administration.CreateAsync(input, ct);
        return provider is null ? error! : TypedResults.Ok(provider);
    }

    private static async Task<Results<Ok<ProviderResource>, ApiError>> GetAsync(
        Id<StoredProvider> id, ProviderAdministration administration, CancellationToken ct) =>
        await administration.FindAsync(id, ct) is { } provider ? TypedResults.Ok(provider) : ApiError.NotFound("provider");

    private static async Task<Results<Ok<ProviderResource>, ApiError>> UpdateAsync(
        Id<StoredProvider> id, UpdateProvider input, ProviderAdministration administration, CancellationToken ct)
    {
        var (provider, error) = await administration.UpdateAsync(id, input, ct);
        return provider is null ? error! : TypedResults.Ok(provider);
    }

    private static async Task<Results<NoContent, ApiError>> RemoveAsync(
        Id<StoredProvider> id, ProviderAdministration administration, CancellationToken ct) =>
        await administration.RemoveAsync(id, ct) ? TypedResults.NoContent() : ApiError.NotFound("provider");

    private static async Task<Results<Ok<ProviderResource>, ApiError>> SyncAsync(
        string id, ProviderAdministration administration, CancellationToken ct) =>
        await administration.SyncAsync(id, ct) is { } provider ? TypedResults.Ok(provider) : ApiError.NotFound("provider");

    private static async Task<Results<Ok<KeyRotation>, ApiError>> RotateAsync(
        ProviderKeyRotation rotation, ProviderKeys keys, Catalogue.CatalogueReload reload, CancellationToken ct)
    {
        if (!keys.CanEncrypt)
        {
            return ApiError.Unavailable("This server has no key to store credentials under; set Providers:Encryption:Key.");
        }

        var done = await rotation.RunAsync(ct);
        await reload.ReloadAsync(ct);
        return TypedResults.Ok(done);
    }
}
