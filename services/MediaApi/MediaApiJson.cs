using System.Text.Json.Serialization;
using JanServer.MediaApi.Objects;
using JanServer.MediaApi.Resolving;
using JanServer.MediaApi.Uploads;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.MediaApi;

/// <summary>Every type that the endpoints read or write, beside the contracts with other services.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateMedia))]
[JsonSerializable(typeof(MediaResource))]
[JsonSerializable(typeof(Page<MediaResource>))]
[JsonSerializable(typeof(DeletedMedia))]
[JsonSerializable(typeof(SignedLink))]
[JsonSerializable(typeof(ResolveRequest))]
[JsonSerializable(typeof(ResolvedPayload))]
internal sealed partial class MediaApiJson : JsonSerializerContext;
