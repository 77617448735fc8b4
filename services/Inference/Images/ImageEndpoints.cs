using System.Text.Json;
using JanServer.Inference.Access;
using JanServer.Inference.Models;
using JanServer.Inference.Requests;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.Inference.Images;

internal static class ImageEndpoints
{
    private const string Made = "jan-demo-image: painted by a fixed rule, not by a model";

    public static void MapImages(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/images/generations", Create).WithMetadata(Queued.Marker);

    private static IResult Create([FromBody] JsonElement body, ModelCatalog models, TimeProvider clock)
    {
        var problems = new Problems();
        var request = ImageRequest.Read(body, problems);
        if ((problems.First ?? models.Check(request.Model, "images")) is { } problem)
        {
            return problem;
        }

        var images = Enumerable.Range(0, request.Count).Select(index => new ImageBody(
            Convert.ToBase64String(Png.Encode(DemoPainting.Paint(request, index), request.Width, request.Height, Made)),
            "A demonstration painted by a fixed rule from the letters of the prompt."));
        return TypedResults.Ok(new ImageListBody(clock.GetUtcNow().ToUnixTimeSeconds(), [.. images]));
    }
}
