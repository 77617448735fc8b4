using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.LlmApi.Catalogue;

/// <summary>Which catalogue rows to list.</summary>
public sealed record CatalogQuery
{
    /// <summary>How many rows a page holds: 1 to 1000, 20 unless told. There is no <c>after</c>: these lists are counted, not followed.</summary>
    [Range(1, 1000)]
    public int? Limit { get; init; }

    /// <summary>How many rows come before the page.</summary>
    [Range(0, 1_000_000)]
    public int? Offset { get; init; }

    /// <summary><c>asc</c> or <c>desc</c> (the default) by creation.</summary>
    [AllowedValues("asc", "desc", null)]
    public string? Order { get; init; }

    internal int Take => Limit ?? 20;

    internal int Skip => Offset ?? 0;

    internal bool Ascending => Order == "asc";

    /// <summary>Who has filled them.</summary>
    [AllowedValues(CatalogStatus.Init, CatalogStatus.Filled, CatalogStatus.Updated, null)]
    public string? Status { get; init; }

    /// <summary>Whether their provider moderates.</summary>
    [FromQuery(Name = "is_moderated")]
    public bool? IsModerated { get; init; }

    /// <summary>Whether they may be used.</summary>
    public bool? Active { get; init; }

    /// <summary>Their family.</summary>
    public string? Family { get; init; }

    /// <summary>Whether they are experimental.</summary>
    public bool? Experimental { get; init; }

    /// <summary>The feature flag that they take.</summary>
    [FromQuery(Name = "requires_feature_flag")]
    public string? RequiresFeatureFlag { get; init; }

    /// <summary>Whether they read images.</summary>
    [FromQuery(Name = "supports_images")]
    public bool? SupportsImages { get; init; }

    /// <summary>Whether they embed.</summary>
    [FromQuery(Name = "supports_embeddings")]
    public bool? SupportsEmbeddings { get; init; }

    /// <summary>Whether they reason.</summary>
    [FromQuery(Name = "supports_reasoning")]
    public bool? SupportsReasoning { get; init; }

    /// <summary>Whether they follow instructions without reasoning.</summary>
    [FromQuery(Name = "supports_instruct")]
    public bool? SupportsInstruct { get; init; }

    /// <summary>Whether they hear.</summary>
    [FromQuery(Name = "supports_audio")]
    public bool? SupportsAudio { get; init; }

    /// <summary>Whether they watch.</summary>
    [FromQuery(Name = "supports_video")]
    public bool? SupportsVideo { get; init; }

    /// <summary>Whether they call tools.</summary>
    [FromQuery(Name = "supports_tools")]
    public bool? SupportsTools { get; init; }

    /// <summary>Whether they browse.</summary>
    [FromQuery(Name = "supports_browser")]
    public bool? SupportsBrowser { get; init; }
}

/// <summary>Which offers to list.</summary>
public sealed record ProviderModelQuery
{
    /// <summary>How many rows a page holds: 1 to 1000, 20 unless told. There is no <c>after</c>: these lists are counted, not followed.</summary>
    [Range(1, 1000)]
    public int? Limit { get; init; }

    /// <summary>How many rows come before the page.</summary>
    [Range(0, 1_000_000)]
    public int? Offset { get; init; }

    /// <summary><c>asc</c> or <c>desc</c> (the default) by creation.</summary>
    [AllowedValues("asc", "desc", null)]
    public string? Order { get; init; }

    internal int Take => Limit ?? 20;

    internal int Skip => Offset ?? 0;

    internal bool Ascending => Order == "asc";

    /// <summary>Whose.</summary>
    [FromQuery(Name = "provider_id")]
    public string? ProviderId { get; init; }

    /// <summary>Their public id.</summary>
    [FromQuery(Name = "model_key")]
    public string? ModelKey { get; init; }

    /// <summary>Whether they may be used.</summary>
    public bool? Active { get; init; }

    /// <summary>Whether they read images.</summary>
    [FromQuery(Name = "supports_images")]
    public bool? SupportsImages { get; init; }

    /// <summary>What their ids, name or category contain, in any case.</summary>
    [MaxLength(256)]
    public string? Search { get; init; }
}
