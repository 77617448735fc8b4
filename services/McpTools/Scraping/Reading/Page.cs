namespace JanServer.McpTools.Scraping.Reading;

/// <summary>A page that was read.</summary>
/// <param name="Text">Plain text.</param>
/// <param name="Metadata">What it says of itself.</param>
internal sealed record Page(string Text, PageMetadata Metadata)
{
    /// <summary>Its Markdown, when it was asked for and the source has one.</summary>
    public string? Markdown { get; init; }

    /// <summary>Whether the page had more than was read.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>How many characters the text had before it was cut for keeping.</summary>
    public int TotalChars { get; init; } = Text.Length;
}

/// <summary>What a page says of itself, and how it was fetched. What it does not say is null.</summary>
internal sealed record PageMetadata
{
    /// <summary>The source that read it.</summary>
    public string? Engine { get; init; }

    /// <summary>Where the URL led in the end.</summary>
    public string? FinalUrl { get; init; }

    public string? ContentType { get; init; }

    public string? Charset { get; init; }

    public string? Title { get; init; }

    public string? Byline { get; init; }

    public string? SiteName { get; init; }

    public string? Description { get; init; }

    /// <summary>A language such as <c>en</c>.</summary>
    public string? Language { get; init; }

    public string? CanonicalUrl { get; init; }

    public string? PublishedDate { get; init; }

    /// <summary>How many pages a PDF has.</summary>
    public int? Pages { get; init; }

    /// <summary>Who was asked before, and why they did not answer.</summary>
    public IReadOnlyList<Search.ProviderOutcome>? ProvidersTried { get; init; }
}
