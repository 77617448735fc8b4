using System.Text.Encodings.Web;
using System.Text.Json;
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
internal sealed partial class ScrapeJson : JsonSerializerContext
{
    /// <summary>Letters of all languages as they are: a model reads the text, and pays for each escape.</summary>
    public static ScrapeJson Readable =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
