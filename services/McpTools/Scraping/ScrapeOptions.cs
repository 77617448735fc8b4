using System.ComponentModel.DataAnnotations;
using JanServer.McpTools.Search.Providers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping;

/// <summary>How pages are read. Bound from <c>Scraping</c>; whose help is asked is in <see cref="ProviderOptions"/>.</summary>
public sealed class ScrapeOptions : IValidatableObject
{
    private static readonly string[] Sources = [ProviderNames.Serper, ProviderNames.Exa, ProviderNames.Tavily, ProviderNames.Direct];
    private static readonly int[] WebPorts = [80, 443, 8080, 8443];

    /// <summary>Who is asked after whom, and nobody else; serper, exa, tavily, direct unless told.</summary>
    public IList<string> Order { get; init; } = [];

    /// <summary>Nobody is asked; only what is kept is answered.</summary>
    public bool OfflineMode { get; set; }

    /// <summary>Ports that pages may be at, beside 80, 443, 8080 and 8443.</summary>
    public IList<int> ExtraPorts { get; init; } = [];

    /// <summary>Whether a page that its site's robots.txt keeps from programs is left alone.</summary>
    public bool ObeyRobots { get; set; } = true;

    /// <summary>Seconds that a robots.txt is remembered, at most a day as RFC 9309 says: 60 to 86400.</summary>
    [Range(60, 86_400)]
    public int RobotsCacheSeconds { get; set; } = 3600;

    /// <summary>Seconds for a call with all sources and attempts: 5 to 55, since the gateway waits for a minute.</summary>
    [Range(5, 55)]
    public int BudgetSeconds { get; set; } = 40;

    /// <summary>How much of a page is downloaded in bytes, decompressed; the rest is cut off (a PDF is refused): 16 KiB to 64 MiB.</summary>
    [Range(16 << 10, 64 << 20)]
    public int MaxBytes { get; set; } = 10 << 20;

    /// <summary>The longest text that is returned and kept, in characters: 500 to 1000000.</summary>
    [Range(500, 1_000_000)]
    public int MaxTextChars { get; set; } = 50_000;

    /// <summary>The length of the preview in characters: 50 to 5000.</summary>
    [Range(50, 5000)]
    public int MaxPreviewChars { get; set; } = 500;

    /// <summary>How many pages of a PDF are read: 1 to 2000.</summary>
    [Range(1, 2000)]
    public int MaxPdfPages { get; set; } = 100;

    /// <summary>Seconds for the text of a PDF; what is found by then is returned: 1 to 30.</summary>
    [Range(1, 30)]
    public int PdfSeconds { get; set; } = 10;

    /// <summary>Seconds for taking an HTML page apart: 1 to 30.</summary>
    [Range(1, 30)]
    public int HtmlSeconds { get; set; } = 10;

    /// <summary>How many pages are taken apart at once; more wait, as part of their time: 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxConcurrentReads { get; set; } = 4;

    /// <summary>Seconds that a page serves the same request again: 0 to 604800.</summary>
    [Range(0, 604_800)]
    public int CacheSeconds { get; set; } = 900;

    /// <summary>Seconds that a page is kept for when nobody can read it, and for offline mode: 0 (nothing is kept) to 2592000.</summary>
    [Range(0, 2_592_000)]
    public int StaleSeconds { get; set; } = 86_400;

    internal TimeSpan Budget => TimeSpan.FromSeconds(BudgetSeconds);

    internal TimeSpan Fresh => TimeSpan.FromSeconds(CacheSeconds);

    internal TimeSpan Kept => TimeSpan.FromSeconds(Math.Max(CacheSeconds, StaleSeconds));

    internal IEnumerable<string> Sequence =>
        (Order.Count > 0 ? Order : Sources).Select(name => name.Trim().ToLowerInvariant()).Distinct(StringComparer.Ordinal);

    internal bool AllowsPort(Uri url) => WebPorts.Contains(url.Port) || ExtraPorts.Contains(url.Port);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from name in Sequence
        where !Sources.Contains(name, StringComparer.Ordinal)
        select new ValidationResult($"'{name}' cannot read pages; there are {string.Join(", ", Sources)}.", [nameof(Order)]);
}

[OptionsValidator]
internal sealed partial class ScrapeOptionsValidator : IValidateOptions<ScrapeOptions>;
