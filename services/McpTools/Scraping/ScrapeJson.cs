using System.Text.Json.Serialization;
using JanServer.McpTools.Scraping.Robots;

namespace JanServer.McpTools.Scraping;

/// <summary>What the scrape tool writes and keeps.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScrapeAnswer))]
[JsonSerializable(typeof(KeptPage))]
[JsonSerializable(typeof(RobotsRules))]
internal sealed partial class ScrapeJson : JsonSerializerContext;
