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
        providers.MapGet("/{id}", GetAsync).WithName("GetProvider").WithSummary("Describes a stored provider.");
        providers.MapPatch("/{id}", UpdateAsync).WithName("UpdateProvider").WithSummary("Changes a stored provider; what is absent stays.");
        providers.MapDelete("/{id}", RemoveAsync).WithName("DeleteProvider").WithSummary("Removes a stored provider.");
    }

    private static async Task<Ok<ProviderList>> ListAsync(ProviderAdministration administration, CancellationToken ct) =>
        TypedResults.Ok(new ProviderList(await administration.ListAsync(ct)));

    private static async Task<Results<Created<ProviderResource>, ApiError>> CreateAsync(
        CreateProvider input, ProviderAdministration administration, CancellationToken ct)
    {
        var (provider, error) = await administration.CreateAsync(input, ct);
        return provider is null ? error! : TypedResults.Created($"/v1/admin/providers/{provider.Id}", provider);
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
}
