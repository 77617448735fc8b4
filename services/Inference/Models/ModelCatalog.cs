using JanServer.Inference.Demo;
using JanServer.Inference.Embeddings;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Models;

/// <summary>The models this engine serves.</summary>
internal sealed class ModelCatalog(IOptions<DemoOptions> options)
{
    public const string Demo = "jan-demo";
    public const string DemoEmbed = "jan-demo-embed";
    public const string DemoImage = "jan-demo-image";

    // The models follow fixed rules; the date is that of the rules, 2026-11-21.
    private const long RulesDate = 1_795_219_200;

    public IReadOnlyList<ModelResource> All { get; } =
    [
        new(
            Demo,
            RulesDate,
            "Jan demo (rule-based)",
            "A rule-based demonstration, not a language model: it answers by fixed rules so that the first run works without weights. "
                + "It greets, calculates, counts, summarises, remembers what was said, calls tools and fills JSON schemas.",
            options.Value.ContextLength,
            ["chat", "completions", "tools", "json_schema", "streaming"],
            Dimensions: null),
        new(
            DemoEmbed,
            RulesDate,
            "Jan demo embedder (lexical)",
            "A lexical embedder, not a trained one: it hashes words, word pairs and character trigrams. Texts that share words are near; "
                + "synonyms are not.",
            options.Value.ContextLength,
            ["embeddings"],
            LexicalEmbedder.DefaultDimensions),
        new(
            DemoImage,
            RulesDate,
            "Jan demo painter (rule-based)",
            "A demonstration, not an image model: it paints coloured discs by a fixed rule from the letters of the prompt, and nothing of "
                + "what the prompt says.",
            options.Value.ContextLength,
            ["images"],
            Dimensions: null),
    ];

    public ModelResource? Find(string id) => All.FirstOrDefault(model => model.Id == id);

    /// <summary>The error for a model that is not here, or that is here for something else.</summary>
    public ApiError? Check(string id, string capability)
    {
        if (Find(id) is not { } model)
        {
            return new(
                StatusCodes.Status404NotFound,
                ErrorCodes.ModelNotFound,
                $"The model '{id}' does not exist. This engine serves {string.Join(", ", All.Select(m => m.Id))}.",
                "model");
        }

        return model.Capabilities.Contains(capability)
            ? null
            : ApiError.Invalid("model", $"The model '{id}' does not do {capability}; it does {string.Join(", ", model.Capabilities)}.");
    }

    /// <summary>The error for a text that is longer than the model takes.</summary>
    public ApiError? CheckLength(string id, IReadOnlyList<EmbeddingInput> inputs) =>
        Find(id) is { } model && inputs.FirstOrDefault(input => input.Tokens > model.MaxModelLen) is { } longest
            ? new(
                StatusCodes.Status400BadRequest,
                ErrorCodes.ContextLengthExceeded,
                $"One text has {longest.Tokens} tokens; this model takes {model.MaxModelLen}.",
                "input")
            : null;
}
