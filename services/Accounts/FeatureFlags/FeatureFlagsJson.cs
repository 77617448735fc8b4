using System.Text.Json.Serialization;

namespace JanServer.Accounts.FeatureFlags;

/// <summary>Serializes what the endpoints of feature flags read and write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FeatureFlagResource))]
[JsonSerializable(typeof(FeatureFlagList))]
[JsonSerializable(typeof(CreateFeatureFlag))]
[JsonSerializable(typeof(UpdateFeatureFlag))]
internal sealed partial class FeatureFlagsJson : JsonSerializerContext;
