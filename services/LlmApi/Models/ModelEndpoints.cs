using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.LlmApi.Models;

/// <summary>OpenAI's models endpoints, and what the catalogue tells users.</summary>
internal static class ModelEndpoints
{
    private const string ProviderDataHeader = "X-PROVIDER-DATA";

    public static void MapModels(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/models", List)
            .RequireScope(Scopes.ModelsRead)
            .WithName("ListModels").WithTags("Models")
            .WithSummary("Lists the models that the caller may use, in the order of the catalogue; those that only demonstrate come last.")
            .WithDescription("With the header 'X-PROVIDER-DATA: true' a model is listed once for each provider, and says which.");
        v1.MapGet("/models/providers", Providers)
            .RequireScope(Scopes.ModelsRead)
            .WithName("ListModelProviders").WithTags("Models")
            .WithSummary("Lists the providers in use, without their addresses.");
        v1.MapGet("/models/catalogs/{**id}", Catalog)
            .RequireScope(Scopes.ModelsRead)
            .WithName("GetModelCatalog").WithTags("Models")
            .WithSummary("Says what is known about a model that the caller may use.");

        // An id may hold slashes: vendor/model.
        v1.MapGet("/models/{**id}", Get)
            .RequireScope(Scopes.ModelsRead)
            .WithName("GetModel").WithTags("Models")
            .WithSummary("Describes a model.");
    }

    private static Ok<ModelList> List(
        Caller caller, ProviderRegistry registry, [FromHeader(Name = ProviderDataHeader)] string? providerData = null)
    {
        var models = registry.Catalog.Models.Where(model => model.IsFor(caller));
        return TypedResults.Ok(new ModelList(
        [
            .. string.Equals(providerData, "true", StringComparison.OrdinalIgnoreCase)
                ? models.SelectMany(model => model.Offers.Select(offer => ModelResources.Describe(model, offer)))
                : models.Select(ModelResources.Describe),
        ]));
    }

    private static Ok<IReadOnlyList<PublicProvider>> Providers(ProviderResources resources) => TypedResults.Ok(resources.Public());

    private static Results<Ok<CatalogResource>, ApiError> Catalog(string? id, Caller caller, ProviderRegistry registry)
    {
        if (string.IsNullOrEmpty(id))
        {
            return ApiError.Missing("id");
        }

        return registry.Stored.Catalog(ModelIds.FromPath(id)) is { Active: true } catalog
            && ModelRoute.IsFlaggedFor(catalog.Experimental, catalog.RequiresFeatureFlag, caller)
                ? TypedResults.Ok(CatalogResource.From(catalog) with { Notes = null, Extras = null })
                : ApiError.NotFound("model");
    }

    private static Results<Ok<ModelResource>, ApiError> Get(string id, Caller caller, ProviderRegistry registry) =>
        registry.Catalog.Find(ModelIds.FromPath(id), caller) is { } model
            ? TypedResults.Ok(ModelResources.Describe(model))
            : new ApiError(
                StatusCodes.Status404NotFound,
                ErrorCodes.ModelNotFound,
                "This model does not exist or you may not use it. See /v1/models.",
                "model");
}
