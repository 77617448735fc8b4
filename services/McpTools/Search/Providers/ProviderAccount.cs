using System.ComponentModel.DataAnnotations;

namespace JanServer.McpTools.Search.Providers;

/// <summary>How one company that searches and reads pages for us is reached.</summary>
public sealed class ProviderAccount : IValidatableObject
{
    /// <summary>Whether it is asked; unless told, when it has a key.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Its secret key for us.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Where searches are sent.</summary>
    [Required]
    public Uri? SearchUrl { get; set; }

    /// <summary>Where pages are asked for.</summary>
    [Required]
    public Uri? ScrapeUrl { get; set; }

    /// <summary>Seconds that one attempt at a search may take: 1 to 60.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Seconds that one attempt at a page may take: 1 to 60.</summary>
    [Range(1, 60)]
    public int ScrapeTimeoutSeconds { get; set; } = 20;

    internal bool IsConfigured => Enabled != false && !string.IsNullOrWhiteSpace(ApiKey);

    internal TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    internal TimeSpan ScrapeTimeout => TimeSpan.FromSeconds(ScrapeTimeoutSeconds);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from address in new[] { (Name: nameof(SearchUrl), Url: SearchUrl), (Name: nameof(ScrapeUrl), Url: ScrapeUrl) }
        where address.Url is { } url && !IsWebAddress(url)
        select new ValidationResult("It must be an absolute http or https address.", [address.Name]);

    internal static bool IsWebAddress(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
