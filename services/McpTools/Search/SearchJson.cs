using System.Text.Json.Serialization;

namespace JanServer.McpTools.Search;

/// <summary>What the search tool writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SearchAnswer))]
internal sealed partial class SearchJson : JsonSerializerContext;
