using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.Inference.Chat;
using JanServer.Inference.Completions;
using JanServer.Inference.Embeddings;
using JanServer.Inference.Images;
using JanServer.Inference.Models;
using JanServer.Inference.Tokens;

namespace JanServer.Inference;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ChatCompletionBody))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(CompletionBody))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(EngineInfo))]
[JsonSerializable(typeof(float[][]))]
[JsonSerializable(typeof(ImageListBody))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelResource))]
[JsonSerializable(typeof(TokenizeBody))]
internal sealed partial class InferenceJson : JsonSerializerContext;
