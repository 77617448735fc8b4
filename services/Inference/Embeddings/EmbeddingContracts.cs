using System.Text.Json;

namespace JanServer.Inference.Embeddings;

public sealed record EmbeddingList(IReadOnlyList<EmbeddingBody> Data, string Model, EmbeddingUsage Usage, string Object = "list");

/// <summary>One vector: an array of numbers, or the base64 of its little-endian 32-bit floats.</summary>
public sealed record EmbeddingBody(int Index, JsonElement Embedding, string Object = "embedding");

public sealed record EmbeddingUsage(int PromptTokens, int TotalTokens);

/// <summary>What text-embeddings-inference answers at <c>/info</c>, as far as it applies.</summary>
public sealed record EngineInfo(
    string ModelId,
    string ModelDtype,
    EngineModelType ModelType,
    int MaxConcurrentRequests,
    int MaxInputLength,
    int MaxClientBatchSize,
    string Version);

public sealed record EngineModelType(EnginePooling Embedding);

public sealed record EnginePooling(string Pooling);
