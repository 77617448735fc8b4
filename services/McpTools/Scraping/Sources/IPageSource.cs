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
