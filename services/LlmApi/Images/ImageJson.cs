using System.Text.Json.Serialization;

namespace JanServer.LlmApi.Images;

/// <summary>What the endpoints of images write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImageList))]
internal sealed partial class ImageJson : JsonSerializerContext;
