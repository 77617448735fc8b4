using JanServer.McpTools.Scraping.Reading;

namespace JanServer.McpTools.Scraping;

/// <summary>What <c>scrape</c> answers, as the reference system's clients read it.</summary>
internal sealed record ScrapeAnswer
{
    /// <summary>The URL as it was asked for; where it led is in the metadata.</summary>
    public required string SourceUrl { get; init; }

    /// <summary>Plain text, with a line at its end that says so when it was cut.</summary>
    public required string Text { get; init; }

    /// <summary>Its beginning.</summary>
    public required string TextPreview { get; init; }

    /// <summary>The same as Markdown, when it was asked for.</summary>
    public string? Markdown { get; init; }

    /// <summary>Whether there was more than is returned.</summary>
    public required bool Truncated { get; init; }

    public required PageMetadata Metadata { get; init; }

    /// <summary>See <see cref="Search.Providers.CacheStatus"/>.</summary>
    public required string CacheStatus { get; init; }

    public required DateTimeOffset FetchedAt { get; init; }
}

/// <summary>A page as it is kept.</summary>
/// <param name="Page">What was read.</param>
/// <param name="FetchedAt">When.</param>
internal sealed record KeptPage(Page Page, DateTimeOffset FetchedAt);
