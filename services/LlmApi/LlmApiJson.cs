using System.Text.Json.Serialization;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi;

/// <summary>Every type that this service's endpoints read or write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelResource))]
internal sealed partial class LlmApiJson : JsonSerializerContext;
