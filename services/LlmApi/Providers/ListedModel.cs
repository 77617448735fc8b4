using System.Security.Cryptography;
using System.Text.Json;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Providers;

/// <summary>A model as its provider's list describes it. Most lists give an id and little else.</summary>
internal sealed record ListedModel(string Id)
{
    /// <summary>Unix seconds; 0 when the provider does not say.</summary>
    public long Created { get; init; }

    public string? OwnedBy { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The provider's name for the model whatever its variant; the catalogue goes by it.</summary>
    public string? CanonicalSlug { get; init; }

    public int? ContextLength { get; init; }

    public int? MaxCompletionTokens { get; init; }

    public bool? IsModerated { get; init; }

    public IReadOnlyList<PriceLine> Pricing { get; init; } = [];

    public SupportedParameters Parameters { get; init; } = SupportedParameters.None;

    public ModelArchitecture Architecture { get; init; } = ModelArchitecture.Unknown;

    public ModelFeatures Features { get; init; }

    /// <summary>Whether the list says more than that the model exists.</summary>
    public bool SaysMuch => Pricing.Count > 0 || Architecture.InputModalities.Count > 0 || Parameters.Names.Count > 0;

    /// <summary>Changes when the list says something else. Some servers report the time of the request as the model's: it does not count.</summary>
    public string Hash() => Convert.ToHexStringLower(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Created = 0 }, CatalogueJson.Default.ListedModel)))[..32];
}
