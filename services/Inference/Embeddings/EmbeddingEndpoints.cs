using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using JanServer.Inference.Access;
using JanServer.Inference.Models;
using JanServer.Inference.Requests;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.Inference.Embeddings;

internal static class EmbeddingEndpoints
{
    public static void MapEmbeddings(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/embeddings", Create).WithMetadata(Queued.Marker);

    private static IResult Create([FromBody] JsonElement body, ModelCatalog models)
    {
        var problems = new Problems();
        var request = EmbeddingRequest.Read(body, problems);
        if ((problems.First
            ?? models.Check(request.Model, "embeddings")
            ?? models.CheckLength(request.Model, request.Inputs))
            is { } problem)
        {
            return problem;
        }

        var tokens = request.Inputs.Sum(input => input.Tokens);
        return TypedResults.Ok(new EmbeddingList(
            [.. request.Inputs.Select((input, index) => new EmbeddingBody(index, Encode(input.Embed(request.Dimensions), request.Base64)))],
            request.Model,
            new(tokens, tokens)));
    }

    private static JsonElement Encode(float[] vector, bool base64)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            if (base64)
            {
                // x86 and ARM are little-endian, which is the order OpenAI's clients read.
                writer.WriteBase64StringValue(MemoryMarshal.AsBytes(vector.AsSpan()));
            }
            else
            {
                writer.WriteStartArray();
                foreach (var value in vector)
                {
                    writer.WriteNumberValue(value);
                }

                writer.WriteEndArray();
            }
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
