using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.ResponseApi.Responses;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Page<JsonElement>))]
[JsonSerializable(typeof(DeletedResponse))]
internal sealed partial class ResponsesJson : JsonSerializerContext;
