using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Catalogue;

/// <summary>What the catalogue's endpoints read and write, and what its columns hold.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogueList<CatalogResource>))]
[JsonSerializable(typeof(CatalogueList<ProviderModelResource>))]
[JsonSerializable(typeof(UpdateCatalog))]
[JsonSerializable(typeof(UpdateProviderModel))]
[JsonSerializable(typeof(ToggleCatalogs))]
[JsonSerializable(typeof(ToggleProviderModels))]
[JsonSerializable(typeof(ToggleResult))]
[JsonSerializable(typeof(IReadOnlyList<PriceLine>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<EndpointInput>))]
[JsonSerializable(typeof(SupportedParameters))]
[JsonSerializable(typeof(ListedModel))]
[JsonSerializable(typeof(JsonElement?))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(bool?))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
