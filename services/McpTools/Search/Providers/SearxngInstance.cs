using System.ComponentModel.DataAnnotations;

namespace JanServer.McpTools.Search.Providers;

/// <summary>How a SearXNG is reached.</summary>
public sealed class SearxngInstance : IValidatableObject
{
    /// <summary>Whether it is asked; unless told, when its address is known.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Its address; without it the resource <c>searxng</c> (<c>services:searxng:http:0</c>) is asked, if there is one.</summary>
    public Uri? Url { get; set; }

    /// <summary>Whether domain lists are also written into the query as <c>site:</c>, which most but not all of its engines understand.</summary>
    public bool SiteOperators { get; set; } = true;

    /// <summary>Seconds that one attempt may take: 1 to 60.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Url is { } url && !ProviderAccount.IsWebAddress(url)
            ? [new("It must be an absolute http or https address.", [nameof(Url)])]
            : [];
}
