using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.Inference.Chat;
using JanServer.Inference.Models;

namespace JanServer.Inference;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ChatCompletionBody))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelResource))]
internal sealed partial class InferenceJson : JsonSerializerContext;
