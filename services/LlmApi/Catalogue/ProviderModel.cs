using JanServer.Contracts.Ids;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;

namespace JanServer.LlmApi.Catalogue;

/// <summary>A model as one provider offers it: a row of <c>provider_models</c>.</summary>
internal sealed record ProviderModel : IIdentified
{
    public static string IdPrefix => "pmdl";

    public required Id<ProviderModel> Id { get; init; }

    /// <summary>The provider's key in the registry.</summary>
    public required string ProviderKey { get; init; }

    /// <summary>The provider's row, if it is one of the database.</summary>
    public Id<StoredProvider>? ProviderId { get; init; }

    public Id<CatalogModel>? CatalogId { get; init; }

    /// <summary>What clients name it by.</summary>
    public required string ModelPublicId { get; init; }

    /// <summary>What the provider names it by.</summary>
    public required string ProviderOriginalModelId { get; init; }

    public string? DisplayName { get; init; }

    public string Category { get; init; } = "";

    public int CategoryOrderNumber { get; init; }

    public int ModelOrderNumber { get; init; }

    /// <summary>Where its provider listed it the first time.</summary>
    public int Position { get; init; }

    public IReadOnlyList<PriceLine> Pricing { get; init; } = [];

    public int? ContextLength { get; init; }

    public int? MaxCompletionTokens { get; init; }

    public string? OwnedBy { get; init; }

    /// <summary>Unix seconds as the provider reports them; 0 when it does not.</summary>
    public long Created { get; init; }

    public required bool Active { get; init; }

    /// <summary>Whether an administrator has set the name, the prices or the limits.</summary>
    public bool Edited { get; init; }

    /// <summary>Since when the provider does not list it any more.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>What the provider last said about it, as a hash.</summary>
    public string ListingHash { get; init; } = "";

    public Id<ProviderModel>? InstructModelId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
