using System.Text.Json.Serialization;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi;

/// <summary>Every type that this service's endpoints read or write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelResource))]
[JsonSerializable(typeof(CreateProvider))]
[JsonSerializable(typeof(UpdateProvider))]
[JsonSerializable(typeof(ProviderResource))]
[JsonSerializable(typeof(IReadOnlyList<ProviderResource>))]
[JsonSerializable(typeof(IReadOnlyList<PublicProvider>))]
[JsonSerializable(typeof(KeyRotation))]
internal sealed partial class LlmApiJson : JsonSerializerContext;
