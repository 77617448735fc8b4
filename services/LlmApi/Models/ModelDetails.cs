using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Models;

/// <summary>What a model can do.</summary>
[Flags]
internal enum ModelFeatures
{
    None = 0,
    Images = 1,
    Embeddings = 2,
    Reasoning = 4,
    Instruct = 8,
    Audio = 16,
    Video = 32,
    Tools = 64,
    Browser = 128,
}

/// <summary>A value for a request member that the client left out.</summary>
/// <param name="Member">The member, such as <see cref="Requests.Member.Temperature"/>.</param>
/// <param name="Value">The value, when the request has the member as null.</param>
/// <param name="Addition">A comma, the member and its value, when the request has no such member.</param>
internal sealed record ModelDefault(Member Member, Replacement Value, Replacement Addition);

/// <summary>What is known about a model beside who serves it. Everything is optional: most listings say nothing.</summary>
internal sealed record ModelDetails
{
    /// <summary>The reasoning format of models whose answers begin with <c>&lt;think&gt;</c>.</summary>
    public const string ThinkTags = "think_tags";

    public static ModelDetails Unknown { get; } = new();

    /// <summary>The name for people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The group that clients show the model in.</summary>
    public string? Category { get; init; }

    /// <summary>Where the group comes in a list; 0 for last.</summary>
    public int CategoryOrder { get; init; }

    /// <summary>Where the model comes within its group; 0 for last.</summary>
    public int ModelOrder { get; init; }

    /// <summary>How many tokens of prompt and answer together the model takes.</summary>
    public int? ContextLength { get; init; }

    /// <summary>How many tokens an answer may have.</summary>
    public int? MaxCompletionTokens { get; init; }

    /// <summary>Values of sampling parameters for requests that leave them out.</summary>
    public IReadOnlyList<ModelDefault> Defaults { get; init; } = [];

    /// <summary>What the model can do; null when the catalogue does not say.</summary>
    public ModelFeatures? Features { get; init; }

    /// <summary>Whether only callers with the flag <c>experimental_models</c> see it.</summary>
    public bool IsExperimental { get; init; }

    /// <summary>The feature flag that a caller must have to see it.</summary>
    public string? RequiresFeatureFlag { get; init; }

    /// <summary>The public id of the model to use instead when a request turns thinking off.</summary>
    public string? InstructModel { get; init; }

    /// <summary>How the model marks its reasoning: <c>think_tags</c>, <c>reasoning_content</c> or <c>none</c>; null when unknown.</summary>
    public string? ReasoningFormat { get; init; }

    /// <summary>The family whose models answer alike, such as <c>qwen</c>; prompt modules go by it.</summary>
    public string? Family { get; init; }

    /// <summary>The public id of its row in the catalogue; null until it has been synchronized.</summary>
    public string? CatalogId { get; init; }
}
