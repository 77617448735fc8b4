using JanServer.McpTools.Search.Providers;

namespace JanServer.McpTools.Scraping;

/// <summary>Reads settings by the names that the reference system's deployments use; ours (<c>Scraping:*</c>) win over them.</summary>
internal static class ScrapeSettings
{
    public static void Apply(ScrapeOptions options, IConfiguration configuration)
    {
        options.OfflineMode = ProviderSettings.Flag(configuration["SERPER_OFFLINE_MODE"]) ?? options.OfflineMode;
        options.MaxTextChars = ProviderSettings.Number(configuration["MCP_MAX_SCRAPE_TEXT_CHARS"]) ?? options.MaxTextChars;
        options.MaxPreviewChars = ProviderSettings.Number(configuration["MCP_MAX_SCRAPE_PREVIEW_CHARS"]) ?? options.MaxPreviewChars;
    }
}
