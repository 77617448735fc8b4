using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Inference.Models;

internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", List);
        routes.MapGet("/v1/models/{id}", Get);
    }

    private static Ok<ModelList> List(ModelCatalog models) => TypedResults.Ok(new ModelList(models.All));

    private static Results<Ok<ModelResource>, ApiError> Get(string id, ModelCatalog models) =>
        models.Find(id) is { } model
            ? TypedResults.Ok(model)
            : new ApiError(StatusCodes.Status404NotFound, ErrorCodes.ModelNotFound, $"The model '{id}' does not exist.", "model");
}
