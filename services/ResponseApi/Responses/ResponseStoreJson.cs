using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.ResponseApi.Responses;

/// <summary>What is kept as JSON in the tables of responses.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredCaller))]
[JsonSerializable(typeof(List<StoredItem>))]
[JsonSerializable(typeof(List<JsonElement>))]
internal sealed partial class ResponseStoreJson : JsonSerializerContext;
