using System.Text.Json.Serialization;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.LlmApi.Usage;

/// <summary>Every type that the usage endpoints write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UsagePage<UsageTotal>))]
[JsonSerializable(typeof(UsagePage<CompletionsUsage>))]
[JsonSerializable(typeof(UsagePage<EmbeddingsUsage>))]
[JsonSerializable(typeof(UsagePage<ImagesUsage>))]
[JsonSerializable(typeof(UsagePage<CostsResult>))]
[JsonSerializable(typeof(Page<UsageRecordResource>))]
internal sealed partial class UsageJson : JsonSerializerContext;
