using JanServer.LlmApi.Providers;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Models;

/// <summary>OpenAI's models endpoints.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/models", List)
            .RequireScope(Scopes.ModelsRead)
            .WithName("ListModels").WithTags("Models")
            .WithSummary("Lists the models that the caller may use; those that only demonstrate come last.");

        // An id may hold slashes: vendor/model.
        v1.MapGet("/models/{**id}", Get)
            .RequireScope(Scopes.ModelsRead)
            .WithName("GetModel").WithTags("Models")
            .WithSummary("Describes a model.");
    }

    private static Ok<ModelList> List(Caller caller, ProviderRegistry registry) => TypedResults.Ok(
        new ModelList([.. registry.Catalog.Models.Where(model => caller.MayUse(model.Id)).Select(Resource)]));

    private static Results<Ok<ModelResource>, ApiError> Get(string id, Caller caller, ProviderRegistry registry) =>
        registry.Catalog.Find(id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), caller) is { } model
            ? TypedResults.Ok(Resource(model))
            : new ApiError(
                StatusCodes.Status404NotFound,
                ErrorCodes.ModelNotFound,
                "This model does not exist or you may not use it. See /v1/models.",
                "model");

    private static ModelResource Resource(ModelRoute model) => new(model.Id, model.Created, model.OwnedBy);
}
