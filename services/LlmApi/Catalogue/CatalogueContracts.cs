using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Catalogue;

/// <summary>A list of the administration, which is small enough to be counted.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Total">How many rows there are on all pages.</param>
/// <param name="Limit">The most rows of this page.</param>
public sealed record CatalogueList<T>(IReadOnlyList<T> Data, int Total, int Limit);

/// <summary>What is known about a model whoever serves it.</summary>
public sealed record CatalogResource
{
    /// <summary>Its public id.</summary>
    public required string Id { get; init; }

    /// <summary>The same as <see cref="Id"/>.</summary>
    public string PublicId => Id;

    /// <summary>The name for people.</summary>
    public string? ModelDisplayName { get; init; }

    /// <summary>What it is good for.</summary>
    public string? Description { get; init; }

    /// <summary>The request parameters that it takes, and values for those that a request leaves out.</summary>
    public required SupportedParameters SupportedParameters { get; init; }

    /// <summary>What goes in and comes out.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>An administrator's notes.</summary>
    public string? Notes { get; init; }

    /// <summary>How many tokens of prompt and answer together it takes.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Whether its provider moderates requests.</summary>
    public bool? IsModerated { get; init; }

    /// <summary>Whether it may be used at all.</summary>
    public required bool Active { get; init; }

    /// <summary>A JSON value of an administrator's.</summary>
    public JsonElement? Extras { get; init; }

    /// <summary><c>init</c>, <c>filled</c> by a provider, or <c>updated</c> by an administrator.</summary>
    public required string Status { get; init; }

    /// <summary>The family whose models answer alike.</summary>
    public string? Family { get; init; }

    /// <summary>Whether only callers with the flag <c>experimental_models</c> see it.</summary>
    public required bool Experimental { get; init; }

    /// <summary>The feature flag that callers need to see it.</summary>
    public string? RequiresFeatureFlag { get; init; }

    /// <summary>Whether it reads images.</summary>
    public required bool SupportsImages { get; init; }

    /// <summary>Whether it embeds.</summary>
    public required bool SupportsEmbeddings { get; init; }

    /// <summary>Whether it reasons.</summary>
    public required bool SupportsReasoning { get; init; }

    /// <summary>Whether it follows instructions without reasoning.</summary>
    public required bool SupportsInstruct { get; init; }

    /// <summary>Whether it hears.</summary>
    public required bool SupportsAudio { get; init; }

    /// <summary>Whether it watches.</summary>
    public required bool SupportsVideo { get; init; }

    /// <summary>Whether it calls tools.</summary>
    public required bool SupportsTools { get; init; }

    /// <summary>Whether it browses.</summary>
    public required bool SupportsBrowser { get; init; }

    /// <summary>How it marks its reasoning: <c>think_tags</c>, <c>reasoning_content</c> or <c>none</c>.</summary>
    public string? ReasoningFormat { get; init; }

    /// <summary>When a provider last filled it, in Unix seconds.</summary>
    public long? LastSyncedAt { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long UpdatedAt { get; init; }

    internal static CatalogResource From(CatalogModel row) => new()
    {
        Id = row.PublicId,
        ModelDisplayName = row.DisplayName,
        Description = row.Description,
        SupportedParameters = row.SupportedParameters,
        Architecture = row.Architecture,
        Tags = row.Tags,
        Notes = row.Notes,
        ContextLength = row.ContextLength,
        IsModerated = row.IsModerated,
        Active = row.Active,
        Extras = row.Extras,
        Status = row.Status,
        Family = row.Family,
        Experimental = row.Experimental,
        RequiresFeatureFlag = row.RequiresFeatureFlag,
        SupportsImages = row.Features.HasFlag(ModelFeatures.Images),
        SupportsEmbeddings = row.Features.HasFlag(ModelFeatures.Embeddings),
        SupportsReasoning = row.Features.HasFlag(ModelFeatures.Reasoning),
        SupportsInstruct = row.Features.HasFlag(ModelFeatures.Instruct),
        SupportsAudio = row.Features.HasFlag(ModelFeatures.Audio),
        SupportsVideo = row.Features.HasFlag(ModelFeatures.Video),
        SupportsTools = row.Features.HasFlag(ModelFeatures.Tools),
        SupportsBrowser = row.Features.HasFlag(ModelFeatures.Browser),
        ReasoningFormat = row.ReasoningFormat,
        LastSyncedAt = row.LastSyncedAt?.ToUnixTimeSeconds(),
        CreatedAt = row.CreatedAt.ToUnixTimeSeconds(),
        UpdatedAt = row.UpdatedAt.ToUnixTimeSeconds(),
    };
}

/// <summary>Changes what is known about a model; what is absent stays, null clears what may be empty. No sync changes the row again.</summary>
public sealed record UpdateCatalog
{
    /// <summary>The name for people; it becomes that of every provider's offer too.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> ModelDisplayName { get; init; }

    /// <summary>What it is good for.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> Description { get; init; }

    /// <summary>The request parameters that it takes, and values for those that a request leaves out.</summary>
    [JsonConverter(typeof(PatchConverter<SupportedParametersInput>))]
    public Patch<SupportedParametersInput> SupportedParameters { get; init; }

    /// <summary>What goes in and comes out.</summary>
    [JsonConverter(typeof(PatchConverter<ArchitectureInput>))]
    public Patch<ArchitectureInput> Architecture { get; init; }

    /// <summary>Words to find it by.</summary>
    [JsonConverter(typeof(PatchConverter<IReadOnlyList<string>>))]
    public Patch<IReadOnlyList<string>> Tags { get; init; }

    /// <summary>An administrator's notes.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> Notes { get; init; }

    /// <summary>How many tokens of prompt and answer together it takes.</summary>
    [JsonConverter(typeof(PatchConverter<int?>))]
    public Patch<int?> ContextLength { get; init; }

    /// <summary>Whether its provider moderates requests.</summary>
    [JsonConverter(typeof(PatchConverter<bool?>))]
    public Patch<bool?> IsModerated { get; init; }

    /// <summary>Whether it may be used at all.</summary>
    public bool? Active { get; init; }

    /// <summary>A JSON value of yours.</summary>
    [JsonConverter(typeof(PatchConverter<JsonElement?>))]
    public Patch<JsonElement?> Extras { get; init; }

    /// <summary>The family whose models answer alike.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> Family { get; init; }

    /// <summary>Whether only callers with the flag <c>experimental_models</c> see it.</summary>
    public bool? Experimental { get; init; }

    /// <summary>The feature flag that callers need to see it; null or empty for none.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> RequiresFeatureFlag { get; init; }

    /// <summary>Whether it reads images.</summary>
    public bool? SupportsImages { get; init; }

    /// <summary>Whether it embeds.</summary>
    public bool? SupportsEmbeddings { get; init; }

    /// <summary>Whether it reasons.</summary>
    public bool? SupportsReasoning { get; init; }

    /// <summary>Whether it follows instructions without reasoning.</summary>
    public bool? SupportsInstruct { get; init; }

    /// <summary>Whether it hears.</summary>
    public bool? SupportsAudio { get; init; }

    /// <summary>Whether it watches.</summary>
    public bool? SupportsVideo { get; init; }

    /// <summary>Whether it calls tools.</summary>
    public bool? SupportsTools { get; init; }

    /// <summary>Whether it browses.</summary>
    public bool? SupportsBrowser { get; init; }

    /// <summary>How it marks its reasoning: <c>think_tags</c>, <c>reasoning_content</c> or <c>none</c>; null when unknown.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> ReasoningFormat { get; init; }
}

/// <summary>Request parameters; what is absent is empty.</summary>
public sealed record SupportedParametersInput(IReadOnlyList<string>? Names = null, IReadOnlyDictionary<string, JsonElement>? Default = null);

/// <summary>What goes in and comes out; what is absent is empty.</summary>
public sealed record ArchitectureInput(
    string? Modality = null,
    IReadOnlyList<string>? InputModalities = null,
    IReadOnlyList<string>? OutputModalities = null,
    string? Tokenizer = null,
    string? InstructType = null);

/// <summary>Switches catalogue rows on or off.</summary>
/// <param name="Enable">Which.</param>
/// <param name="CatalogIds">Their public ids; absent for all.</param>
/// <param name="ExceptModels">Public ids that stay as they are; at most 1000.</param>
public sealed record ToggleCatalogs(bool? Enable, IReadOnlyList<string>? CatalogIds = null, IReadOnlyList<string>? ExceptModels = null);

/// <summary>Switches providers' offers on or off.</summary>
/// <param name="Enable">Which.</param>
/// <param name="ProviderId">Whose; absent for all.</param>
/// <param name="ExceptModels">Public ids that stay as they are; at most 1000.</param>
public sealed record ToggleProviderModels(bool? Enable, string? ProviderId = null, IReadOnlyList<string>? ExceptModels = null);

/// <summary>What a switch did.</summary>
/// <param name="UpdatedCount">Rows that are different now.</param>
/// <param name="SkippedCount">Rows that were left as they are.</param>
/// <param name="FailedCount">Rows that could not be switched: on, while their catalogue row is off.</param>
/// <param name="TotalChecked">Rows that were looked at.</param>
/// <param name="FailedModels">The public ids of those that could not be.</param>
public sealed record ToggleResult(int UpdatedCount, int SkippedCount, int FailedCount, int TotalChecked, IReadOnlyList<string> FailedModels);
