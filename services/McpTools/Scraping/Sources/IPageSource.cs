using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Search.Providers;

namespace JanServer.McpTools.Scraping.Sources;

/// <summary>Something that reads pages.</summary>
internal interface IPageSource
{
    /// <summary>One of <see cref="ProviderNames"/>.</summary>
    string Name { get; }

    /// <summary>Whether it is switched on and has its key.</summary>
    bool IsConfigured { get; }

    /// <summary>Reads a page; one of the two is not null. The URL has been found fit to be read by this source.</summary>
    Task<(Page? Page, ProviderFailure? Failure)> ReadAsync(Uri url, bool markdown, TimeSpan budget, CancellationToken ct);
}

/// <summary>What providers' pages have in common.</summary>
internal static class ProviderPages
{
    // What is shorter is an error page or a consent notice.
    private const int MinChars = 50;

    /// <summary>The page, unless it is too short to be one.</summary>
    public static (Page? Page, ProviderFailure? Failure) Of(Page? page) =>
        page is { Text.Length: >= MinChars } ? (page, null) : (null, new(ProviderFailureReason.Empty) { Detail = "read nothing there" });
}
