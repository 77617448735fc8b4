using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Catalogue;

/// <summary>What is known about a model whoever serves it: a row of <c>model_catalogs</c>.</summary>
internal sealed record CatalogModel : IIdentified
{
    public static string IdPrefix => "mcat";

    public required Id<CatalogModel> Id { get; init; }

    /// <summary><c>vendor/model</c>, or a provider's own id where those are kept.</summary>
    public required string PublicId { get; init; }

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public SupportedParameters SupportedParameters { get; init; } = SupportedParameters.None;

    public ModelArchitecture Architecture { get; init; } = ModelArchitecture.Unknown;

    public string[]? Tags { get; init; }

    public string? Notes { get; init; }

    public int? ContextLength { get; init; }

    public bool? IsModerated { get; init; }

    public bool Active { get; init; } = true;

    /// <summary>One of <see cref="CatalogStatus"/>.</summary>
    public string Status { get; init; } = CatalogStatus.Init;

    public JsonElement? Extras { get; init; }

    public string? Family { get; init; }

    public bool Experimental { get; init; }

    public string? RequiresFeatureFlag { get; init; }

    public ModelFeatures Features { get; init; }

    public string? ReasoningFormat { get; init; }

    public DateTimeOffset? LastSyncedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Who has filled a catalogue row.</summary>
internal static class CatalogStatus
{
    /// <summary>Nobody has said much.</summary>
    public const string Init = "init";

    /// <summary>A provider has.</summary>
    public const string Filled = "filled";

    /// <summary>An administrator has: no sync changes it again.</summary>
    public const string Updated = "updated";
}

/// <summary>Request parameters of a model.</summary>
/// <param name="Names">Those that it takes; empty when nobody has said.</param>
/// <param name="Default">Values for those that a request leaves out.</param>
public sealed record SupportedParameters(IReadOnlyList<string> Names, IReadOnlyDictionary<string, JsonElement> Default)
{
    /// <summary>Nothing is known.</summary>
    public static SupportedParameters None { get; } = new([], new Dictionary<string, JsonElement>());
}

/// <summary>What goes into a model and comes out of it.</summary>
public sealed record ModelArchitecture(
    string Modality, IReadOnlyList<string> InputModalities, IReadOnlyList<string> OutputModalities, string Tokenizer, string? InstructType)
{
    /// <summary>Nothing is known.</summary>
    public static ModelArchitecture Unknown { get; } = new("", [], [], "", null);
}
