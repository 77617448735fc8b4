using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Catalogue;

/// <summary>Administration of what providers offer.</summary>
internal static class ProviderModelEndpoints
{
    public static void MapProviderModels(this IEndpointRouteBuilder v1)
    {
        var models = v1.MapGroup("/admin/models/provider-models").RequireAdmin().WithTags("Catalogue");
        models.MapGet("/", ListAsync).WithName("ListProviderModels").WithSummary("Lists the models that providers offer.");
        models.MapPost("/bulk-toggle", ToggleAsync).WithName("ToggleProviderModels").WithSummary("Switches models of providers on or off.");
        models.MapGet("/{id}", GetAsync).WithName("GetProviderModel").WithSummary("Describes a model that a provider offers.");
        models.MapPatch("/{id}", UpdateAsync).WithName("UpdateProviderModel")
            .WithSummary("Changes a provider's model: name, order, prices, limits, use; what is absent stays, null clears.");
    }

    private static async Task<Ok<CatalogueList<ProviderModelResource>>> ListAsync(
        [AsParameters] ProviderModelQuery query, ProviderModelAdministration administration, CancellationToken ct) =>
        TypedResults.Ok(await administration.ListAsync(query, ct));

    private static async Task<Results<Ok<ProviderModelResource>, ApiError>> GetAsync(
        Id<ProviderModel> id, ProviderModelAdministration administration, CancellationToken ct) =>
        await administration.FindAsync(id, ct) is { } model ? TypedResults.Ok(model) : ApiError.NotFound("provider model");

    private static async Task<Results<Ok<ProviderModelResource>, ApiError>> UpdateAsync(
        Id<ProviderModel> id, UpdateProviderModel input, ProviderModelAdministration administration, CancellationToken ct)
    {
        var (model, error) = await administration.UpdateAsync(id, input, ct);
        return model is null ? error! : TypedResults.Ok(model);
    }

    private static async Task<Results<Ok<ToggleResult>, ApiError>> ToggleAsync(
        ToggleProviderModels input, ProviderModelAdministration administration, CancellationToken ct)
    {
        var (result, error) = await administration.ToggleAsync(input, ct);
        return result is null ? error! : TypedResults.Ok(result);
    }
}
