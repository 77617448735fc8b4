using JanServer.McpTools.Search.Providers;

namespace JanServer.McpTools.Search;

/// <summary>Reads settings by the names that the reference system's deployments use; ours (<c>Search:*</c>) win over them.</summary>
internal static class SearchSettings
{
    public static void Apply(SearchOptions options, IConfiguration configuration)
    {
        options.Engine = configuration["MCP_SEARCH_ENGINE"] is { Length: > 0 } engine ? engine : options.Engine;
        options.OfflineMode = ProviderSettings.Flag(configuration["SERPER_OFFLINE_MODE"]) ?? options.OfflineMode;
        options.LocationHint = configuration["SERPER_LOCATION_HINT"] is { Length: > 0 } hint ? hint : options.LocationHint;
        options.MaxSnippetChars = ProviderSettings.Number(configuration["MCP_MAX_SNIPPET_CHARS"]) ?? options.MaxSnippetChars;
        foreach (var domain in (configuration["SERPER_DOMAIN_FILTER"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            options.DomainAllowList.Add(domain);
        }
    }
}
