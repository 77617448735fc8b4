using System.Globalization;
using System.Text.Json;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Providers;

/// <summary>Reads lists of models: OpenAI's, and what OpenRouter, vLLM, Anthropic and Mistral say beyond it.</summary>
internal static class ListedModelReader
{
    private const int MaxModels = 10_000;
    private const int MaxIdLength = 256;
    private const int MaxTextLength = 16_384;
    private const int MaxNames = 100;

    // A dollar per token is a million times a million of its parts; what would not fit is no price.
    private const decimal MaxMicroUsdPerMillion = 1_000_000_000_000_000m;

    private static readonly (string Member, string Unit)[] TokenPrices =
    [
        ("prompt", "per_1m_prompt_tokens"), ("completion", "per_1m_completion_tokens"),
        ("input_cache_read", "per_1m_cached_tokens"), ("internal_reasoning", "per_1m_reasoning_tokens"),
    ];

    private static readonly (string Member, string Unit)[] UnitPrices =
        [("request", PriceUnits.Request), ("image", PriceUnits.Image), ("web_search", PriceUnits.WebSearch)];

    /// <summary>Reads OpenAI's list, or the bare array that some servers send; null when it is neither.</summary>
    public static IReadOnlyList<ListedModel>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var list = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) ? data : root;
            if (list.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            return [.. list.EnumerateArray().Take(MaxModels).Select(Model).OfType<ListedModel>().DistinctBy(model => model.Id, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ListedModel? Model(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object
            || !item.TryGetProperty("id", out var value) || value.ValueKind != JsonValueKind.String
            || value.GetString() is not { Length: > 0 and <= MaxIdLength } id
            || string.IsNullOrWhiteSpace(id) || id.Any(char.IsControl))
        {
            return null;
        }

        var top = Object(item, "top_provider");
        var architecture = ArchitectureOf(Object(item, "architecture"));
        var names = Texts(item, "supported_parameters");
        return new(id)
        {
            Created = item.TryGetProperty("created", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var seconds) ? seconds : 0,
            OwnedBy = Text(item, "owned_by"),
            Name = Text(item, "name") ?? Text(item, "display_name"),
            Description = Text(item, "description"),
            CanonicalSlug = Text(item, "canonical_slug") is { Length: <= MaxIdLength } slug ? slug : null,
            ContextLength = Count(item, "context_length") ?? Count(item, "max_model_len") ?? Count(item, "max_context_length"),
            MaxCompletionTokens = Count(top, "max_completion_tokens") ?? Count(item, "max_output_tokens"),
            IsModerated = Flag(top, "is_moderated"),
            Pricing = PricesOf(Object(item, "pricing")),
            Parameters = names.Count == 0 && Object(item, "default_parameters") is null ? SupportedParameters.None : new(names, DefaultsOf(Object(item, "default_parameters"))),
            Architecture = architecture,
            Features = FeaturesOf(architecture, names, Object(item, "capabilities")),
        };
    }

    private static ModelArchitecture ArchitectureOf(JsonElement? architecture) => architecture is not { } item
        ? ModelArchitecture.Unknown
        : new(
            Text(item, "modality") ?? "",
            Texts(item, "input_modalities"),
            Texts(item, "output_modalities"),
            Text(item, "tokenizer") ?? "",
            Text(item, "instruct_type"));

    private static ModelFeatures FeaturesOf(ModelArchitecture architecture, IReadOnlyList<string> parameters, JsonElement? capabilities)
    {
        var features = ModelFeatures.None;
        Add(architecture.InputModalities.Contains("image") || Flag(capabilities, "vision") == true, ModelFeatures.Images);
        Add(architecture.InputModalities.Contains("audio") || Flag(capabilities, "audio") == true, ModelFeatures.Audio);
        Add(architecture.InputModalities.Contains("video"), ModelFeatures.Video);
        Add(architecture.OutputModalities.Contains("embeddings"), ModelFeatures.Embeddings);
        Add(parameters.Contains("reasoning") || parameters.Contains("include_reasoning"), ModelFeatures.Reasoning);
        Add(parameters.Contains("tools") || Flag(capabilities, "function_calling") == true, ModelFeatures.Tools);
        return features;

        void Add(bool has, ModelFeatures feature) => features |= has ? feature : ModelFeatures.None;
    }

    private static List<PriceLine> PricesOf(JsonElement? pricing)
    {
        var lines = new List<PriceLine>();
        foreach (var (member, unit) in TokenPrices)
        {
            Add(member, unit, 1_000_000m);
        }

        foreach (var (member, unit) in UnitPrices)
        {
            Add(member, unit, 1m);
        }

        return lines;

        void Add(string member, string unit, decimal units)
        {
            // A negative price is how OpenRouter says that it depends.
            if (Price(pricing, member) is { } dollars && dollars >= 0 && dollars <= MaxMicroUsdPerMillion / 1_000_000m / units)
            {
                lines.Add(new(unit, (long)Math.Round(dollars * units * 1_000_000m)));
            }
        }
    }

    private static Dictionary<string, JsonElement> DefaultsOf(JsonElement? defaults) => defaults is not { } item
        ? []
        : item.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Number && IsStorable(one.Name)).Take(MaxNames)
            .DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Value.Clone(), StringComparer.Ordinal);

    private static JsonElement? Object(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: <= MaxTextLength } text && !string.IsNullOrWhiteSpace(text) && IsStorable(text) ? text : null;

    // PostgreSQL keeps no NUL.
    private static bool IsStorable(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static List<string> Texts(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!).Where(IsStorable).Take(MaxNames)]
        : [];

    private static int? Count(JsonElement? item, string name) =>
        item?.TryGetProperty(name, out var value) == true && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count > 0 ? count : null;

    private static bool? Flag(JsonElement? item, string name) =>
        item?.TryGetProperty(name, out var value) == true && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private static decimal? Price(JsonElement? item, string name) =>
        item?.TryGetProperty(name, out var value) != true ? null
        : value.ValueKind == JsonValueKind.Number ? (value.TryGetDecimal(out var number) ? number : null)
        : value.ValueKind == JsonValueKind.String && decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed
        : null;
}
