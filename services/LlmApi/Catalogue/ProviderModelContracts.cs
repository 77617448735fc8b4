using System.Text.Json.Serialization;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Catalogue;

/// <summary>Prices.</summary>
public sealed record PricingResource(IReadOnlyList<PriceLine> Lines);

/// <summary>How many tokens a model takes and gives.</summary>
public sealed record TokenLimits(int? ContextLength = null, int? MaxCompletionTokens = null);

/// <summary>A model as one provider offers it.</summary>
public sealed record ProviderModelResource
{
    /// <summary><c>pmdl_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's id.</summary>
    public required string ProviderId { get; init; }

    /// <summary>Whose API the provider is.</summary>
    public string? ProviderVendor { get; init; }

    /// <summary>The public id of the catalogue row.</summary>
    public string? ModelCatalogId { get; init; }

    /// <summary>What clients name it by.</summary>
    public required string ModelPublicId { get; init; }

    /// <summary>What the provider names it by.</summary>
    public required string ProviderOriginalModelId { get; init; }

    /// <summary>The name for people.</summary>
    public string? ModelDisplayName { get; init; }

    /// <summary>The group that clients show it in.</summary>
    public required string Category { get; init; }

    /// <summary>Where the group comes in a list; 0 for last.</summary>
    public required int CategoryOrderNumber { get; init; }

    /// <summary>Where it comes within its group; 0 for last.</summary>
    public required int ModelOrderNumber { get; init; }

    /// <summary>What the provider takes.</summary>
    public required PricingResource Pricing { get; init; }

    /// <summary>How many tokens it takes and gives.</summary>
    public TokenLimits? TokenLimits { get; init; }

    /// <summary>The family whose models answer alike.</summary>
    public string? Family { get; init; }

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

    /// <summary>Whether it may be used.</summary>
    public required bool Active { get; init; }

    /// <summary>Whether the provider does not list it any more.</summary>
    public required bool Retired { get; init; }

    /// <summary>The model that answers instead when a request turns thinking off.</summary>
    public string? InstructModelPublicId { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long UpdatedAt { get; init; }
}

/// <summary>Changes a provider's offer; what is absent stays, null clears what may be empty.</summary>
public sealed record UpdateProviderModel
{
    /// <summary>The name for people.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> ModelDisplayName { get; init; }

    /// <summary>The group that clients show it in.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> Category { get; init; }

    /// <summary>Where the group comes in a list; 0 for last.</summary>
    public int? CategoryOrderNumber { get; init; }

    /// <summary>Where it comes within its group; 0 for last.</summary>
    public int? ModelOrderNumber { get; init; }

    /// <summary>What the provider takes; null for unknown.</summary>
    [JsonConverter(typeof(PatchConverter<PricingInput>))]
    public Patch<PricingInput> Pricing { get; init; }

    /// <summary>How many tokens it takes and gives; null for unknown.</summary>
    [JsonConverter(typeof(PatchConverter<TokenLimits>))]
    public Patch<TokenLimits> TokenLimits { get; init; }

    /// <summary>Whether it may be used; it cannot while its catalogue row is off.</summary>
    public bool? Active { get; init; }

    /// <summary>The public id of the model that answers instead when a request turns thinking off; null or empty for none.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> InstructModelPublicId { get; init; }
}

/// <summary>Prices; an absent line is unknown.</summary>
public sealed record PricingInput(IReadOnlyList<PriceLineInput>? Lines = null);

/// <summary>One price.</summary>
/// <param name="Unit">Such as <c>per_1m_prompt_tokens</c>.</param>
/// <param name="AmountMicroUsd">Millionths of a dollar.</param>
/// <param name="Currency"><c>USD</c> unless told, and nothing else.</param>
public sealed record PriceLineInput(string? Unit = null, long? AmountMicroUsd = null, string? Currency = null);
