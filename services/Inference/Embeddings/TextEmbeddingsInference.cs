using System.Reflection;
using System.Text.Json;
using JanServer.Inference.Access;
using JanServer.Inference.Models;
using JanServer.Inference.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Embeddings;

/// <summary>The part of text-embeddings-inference's contract that its embedding clients use.</summary>
internal static class TextEmbeddingsInference
{
    private static readonly string Version =
        typeof(TextEmbeddingsInference).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "1.0.0";

    public static void MapTextEmbeddingsInference(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/embed", Embed).WithMetadata(Queued.Marker);
        routes.MapGet("/info", Info);
    }

    /// <summary>
    /// Answers a bare array of vectors. They are of length 1 whatever <c>normalize</c> says, and nothing needs truncation.
    /// </summary>
    private static IResult Embed([FromBody] JsonElement body, ModelCatalog models)
    {
        var problems = new Problems();
        var fields = Fields.Of(body, problems);
        var inputs = EmbeddingInput.Read(fields, "inputs", problems);
        fields.Flag("normalize", otherwise: true);
        fields.Flag("truncate", otherwise: false);
        var dimensions = fields.Integer("dimensions", 1, LexicalEmbedder.MaxDimensions) ?? LexicalEmbedder.DefaultDimensions;
        if ((problems.First ?? models.CheckLength(ModelCatalog.DemoEmbed, inputs)) is { } problem)
        {
            return problem;
        }

        return TypedResults.Ok(inputs.Select(input => input.Embed((int)dimensions)).ToArray());
    }

    private static Ok<EngineInfo> Info(ModelCatalog models, IOptions<InferenceOptions> options) => TypedResults.Ok(new EngineInfo(
        ModelCatalog.DemoEmbed,
        "float32",
        new(new("mean")),
        options.Value.MaxConcurrency,
        models.Find(ModelCatalog.DemoEmbed)!.MaxModelLen,
        EmbeddingRequest.MaxInputs,
        Version));
}
