using System.Numerics.Tensors;
using System.Text.Json;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.FileSearch;

/// <summary>Vectors of texts, in their order, each of length 1; null where a model gave none that has a direction.</summary>
/// <param name="Model">The model that made them: vectors of different models cannot be compared.</param>
/// <param name="Vectors">One for each text.</param>
internal sealed record Embeddings(string Model, IReadOnlyList<float[]?> Vectors);

/// <summary>Turns texts into vectors by a model of llm-api, for a caller, whose limits and budget apply.</summary>
internal sealed partial class Embedder(IHttpClientFactory clients, EmbeddingModels models, IOptions<FileSearchOptions> options, ILogger<Embedder> logger)
{
    public const string Client = "llm-api";

    // What text-embeddings-inference takes at once.
    private const int BatchSize = 32;
    private const int MaxAtOnce = 4;

    /// <summary>The texts' vectors, or why there are none, in a sentence for whoever reads the result.</summary>
    public async Task<(Embeddings? Embeddings, string? Reason)> EmbedAsync(Caller caller, IReadOnlyList<string> texts, CancellationToken ct)
    {
        if (await models.FindAsync(caller, ct) is not { } model)
        {
            return (null, "No embedding model is configured, so only words are matched.");
        }

        try
        {
            var vectors = new float[]?[texts.Count];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, (texts.Count + BatchSize - 1) / BatchSize).Select(batch => batch * BatchSize),
                new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = ct },
                async (start, ct) =>
                {
                    string[] batch = [.. texts.Skip(start).Take(BatchSize)];
                    (await AskAsync(caller, model, batch, ct)).CopyTo(vectors, start);
                });
            return (new(model, vectors), null);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            Log.Failed(logger, model, e.GetType().Name, (int?)(e as HttpRequestException)?.StatusCode);
            return (null, $"The embedding model '{model}' could not be used, so only words are matched.");
        }
    }

    private async Task<float[]?[]> AskAsync(Caller caller, string model, string[] texts, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(options.Value.EmbeddingTimeoutSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/embeddings", UriKind.Relative))
        {
            Content = JsonContent.Create(new EmbeddingRequest(model, texts, "float"), FileSearchJson.Default.EmbeddingRequest),
        };
        using var response = await clients.CreateClient(Client).SendAsync(request.For(caller), deadline.Token);
        response.EnsureSuccessStatusCode();
        var list = await response.Content.ReadFromJsonAsync(FileSearchJson.Default.EmbeddingList, deadline.Token);
        var vectors = new float[]?[texts.Length];
        if (list?.Data is not { } data || data.Count != texts.Length)
        {
            throw new JsonException("The embedding model did not give one vector for each text.");
        }

        for (var i = 0; i < data.Count; i++)
        {
            var index = data[i].Index ?? i;
            if (index < 0 || index >= vectors.Length)
            {
                throw new JsonException("The embedding model numbers its vectors wrongly.");
            }

            vectors[index] = Normalize(data[i].Embedding);
        }

        return vectors;
    }

    private static float[]? Normalize(float[]? vector)
    {
        if (vector is not { Length: > 0 } || TensorPrimitives.Norm(vector) is var length && (length == 0 || !float.IsFinite(length)))
        {
            return null;
        }

        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        return vector;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The embedding model {Model} could not be used: {Failure}, status {Status}")]
        public static partial void Failed(ILogger logger, string model, string failure, int? status);
    }
}
