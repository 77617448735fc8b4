using System.Globalization;

namespace JanServer.McpTools.Search.Providers;

/// <summary>Reads settings by the names that the reference system's deployments use; ours (<c>Providers:*</c>) win over them.</summary>
internal static class ProviderSettings
{
    public static void Apply(ProviderOptions options, IConfiguration configuration)
    {
        Apply(options.Serper, configuration, "SERPER");
        Apply(options.Tavily, configuration, "TAVILY");
        Apply(options.Exa, configuration, "EXA");
        options.Serper.TimeoutSeconds = Seconds(configuration["SERPER_HTTP_TIMEOUT"]) ?? options.Serper.TimeoutSeconds;
        options.Serper.ScrapeTimeoutSeconds = Seconds(configuration["SERPER_SCRAPE_TIMEOUT"]) ?? options.Serper.ScrapeTimeoutSeconds;
        options.Searxng.Url = Address(configuration["SEARXNG_URL"]) ?? options.Searxng.Url;
        options.Searxng.Enabled = Flag(configuration["SEARXNG_ENABLED"]) ?? options.Searxng.Enabled;
        options.Retries = Number(configuration["SERPER_RETRY_MAX_ATTEMPTS"]) - 1 ?? options.Retries;
        options.RetryDelayMilliseconds = Number(configuration["SERPER_RETRY_INITIAL_DELAY"]) ?? options.RetryDelayMilliseconds;
    }

    public static bool? Flag(string? value) => bool.TryParse(value, out var flag) ? flag : null;

    public static int? Number(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Apply(ProviderAccount account, IConfiguration configuration, string prefix)
    {
        account.ApiKey = Text(configuration[$"{prefix}_API_KEY"]) ?? account.ApiKey;
        account.Enabled = Flag(configuration[$"{prefix}_ENABLED"]) ?? account.Enabled;
        account.TimeoutSeconds = Seconds(configuration[$"{prefix}_TIMEOUT"]) ?? account.TimeoutSeconds;
        if (Address(configuration[$"{prefix}_SEARCH_ENDPOINT"]) is { } search)
        {
            // Only the last part of the path differs: /search beside /contents or /extract.
            account.SearchUrl = search;
            account.ScrapeUrl = new(search, account.ScrapeUrl!.Segments[^1]);
        }
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    // "15" or "15s".
    private static int? Seconds(string? value) => Number(value?.TrimEnd('s'));

    private static Uri? Address(string? value) => Uri.TryCreate(value, UriKind.Absolute, out var uri) ? uri : null;
}
