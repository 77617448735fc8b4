using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Search.Providers;

namespace JanServer.McpTools.Scraping.Sources;

/// <summary>What providers' pages have in common.</summary>
internal static class ProviderPages
{
    // What is shorter is an error page or a consent notice.
    private const int MinChars = 50;

    /// <summary>The page, unless it is too short to be one.</summary>
    public static (Page? Page, ProviderFailure? Failure) Of(Page? page) =>
        page is { Text.Length: >= MinChars } ? (page, null) : (null, new(ProviderFailureReason.Empty) { Detail = "read nothing there" });
}
