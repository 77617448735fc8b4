using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search.Providers;

/// <summary>Who searches and reads pages for us, and how patient we are. Bound from <c>Providers</c>; shared by search and scraping.</summary>
public sealed class ProviderOptions
{
    /// <summary>serper.dev: Google's results, and pages.</summary>
    [Required]
    [ValidateObjectMembers]
    public ProviderAccount Serper { get; set; } =
        new() { SearchUrl = new("https://google.serper.dev/search"), ScrapeUrl = new("https://scrape.serper.dev/") };

    /// <summary>tavily.com.</summary>
    [Required]
    [ValidateObjectMembers]
    public ProviderAccount Tavily { get; set; } =
        new() { SearchUrl = new("https://api.tavily.com/search"), ScrapeUrl = new("https://api.tavily.com/extract") };

    /// <summary>exa.ai.</summary>
    [Required]
    [ValidateObjectMembers]
    public ProviderAccount Exa { get; set; } =
        new() { SearchUrl = new("https://api.exa.ai/search"), ScrapeUrl = new("https://api.exa.ai/contents") };

    /// <summary>A SearXNG (or searx) of our own.</summary>
    [Required]
    [ValidateObjectMembers]
    public SearxngInstance Searxng { get; set; } = new();

    /// <summary>How often a call that failed in passing is tried again at the same provider: 0 to 5.</summary>
    [Range(0, 5)]
    public int Retries { get; set; } = 2;

    /// <summary>Milliseconds before the first retry, doubled with jitter for each further one: 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int RetryDelayMilliseconds { get; set; } = 250;

    /// <summary>The longest <c>Retry-After</c> that is waited for, in seconds; past it the next provider is asked: 0 to 30.</summary>
    [Range(0, 30)]
    public int MaxRetryAfterSeconds { get; set; } = 5;

    /// <summary>The largest answer of a provider in bytes, decompressed: 16 KiB to 64 MiB.</summary>
    [Range(16 << 10, 64 << 20)]
    public int MaxAnswerBytes { get; set; } = 4 << 20;

    /// <summary>The share of failures within <see cref="BreakerWindowSeconds"/> that opens a provider's circuit: 0.01 to 1.</summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>How many attempts it takes to judge a provider: 2 to 1000.</summary>
    [Range(2, 1000)]
    public int BreakerMinimumCalls { get; set; } = 6;

    /// <summary>Seconds that are judged: 1 to 600.</summary>
    [Range(1, 600)]
    public int BreakerWindowSeconds { get; set; } = 60;

    /// <summary>Seconds that an open circuit keeps calls away before one is let through to see: 1 to 600.</summary>
    [Range(1, 600)]
    public int BreakSeconds { get; set; } = 45;
}

[OptionsValidator]
internal sealed partial class ProviderOptionsValidator : IValidateOptions<ProviderOptions>;
