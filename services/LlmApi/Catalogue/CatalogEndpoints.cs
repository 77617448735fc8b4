using JanServer.LlmApi.Models;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Catalogue;

/// <summary>Administration of the catalogue. Its ids hold slashes, so they end the path.</summary>
internal static class CatalogEndpoints
{
    public static void MapCatalogs(this IEndpointRouteBuilder v1)
    {
        var catalogs = v1.MapGroup("/admin/models/catalogs").RequireAdmin().WithTags("Catalogue");
        catalogs.MapGet("/", ListAsync).WithName("ListCatalogModels").WithSummary("Lists what is known about models.");
        catalogs.MapPost("/bulk-toggle", ToggleAsync).WithName("ToggleCatalogModels").WithSummary("Switches models of the catalogue on or off.");
        catalogs.MapGet("/{**id}", GetAsync).WithName("GetCatalogModel").WithSummary("Says what is known about a model.");
        catalogs.MapPatch("/{**id}", UpdateAsync).WithName("UpdateCatalogModel")
            .WithSummary("Changes what is known about a model; what is absent stays, null clears. No sync changes it afterwards.");
    }

    private static async Task<Ok<CatalogueList<CatalogResource>>> ListAsync(
        [AsParameters] CatalogQuery query, CatalogAdministration administration, CancellationToken ct) =>
        TypedResults.Ok(await administration.ListAsync(query, ct));

    private static async Task<Results<Ok<CatalogResource>, ApiError>> GetAsync(string id, CatalogAdministration administration, CancellationToken ct) =>
        await administration.FindAsync(ModelIds.FromPath(id), ct) is { } catalog ? TypedResults.Ok(catalog) : ApiError.NotFound("model");

    private static async Task<Results<Ok<CatalogResource>, ApiError>> UpdateAsync(
        string id, UpdateCatalog input, CatalogAdministration administration, CancellationToken ct)
    {
        var (catalog, error) = await administration.UpdateAsync(ModelIds.FromPath(id), input, ct);
        return catalog is null ? error! : TypedResults.Ok(catalog);
    }

    private static async Task<Results<Ok<ToggleResult>, ApiError>> ToggleAsync(
        ToggleCatalogs input, CatalogAdministration administration, CancellationToken ct)
    {
        var (result, error) = await administration.ToggleAsync(input, ct);
        return result is null ? error! : TypedResults.Ok(result);
    }
}
