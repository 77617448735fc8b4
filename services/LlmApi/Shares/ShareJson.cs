using System.Text.Json.Serialization;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.LlmApi.Shares;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateShare))]
[JsonSerializable(typeof(ShareResource))]
[JsonSerializable(typeof(ShareDeleted))]
[JsonSerializable(typeof(Page<ShareResource>))]
[JsonSerializable(typeof(PublicShareResource))]
internal sealed partial class ShareJson : JsonSerializerContext;
