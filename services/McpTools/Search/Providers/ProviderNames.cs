namespace JanServer.McpTools.Search.Providers;

/// <summary>Names of providers, in settings, results and metrics.</summary>
internal static class ProviderNames
{
    public const string Serper = "serper";
    public const string Tavily = "tavily";
    public const string Exa = "exa";
    public const string Searxng = "searxng";

    /// <summary>Pages fetched by this server itself.</summary>
    public const string Direct = "direct";

    /// <summary>Those that are reached over <see cref="ProviderClient"/>.</summary>
    public static readonly string[] Remote = [Serper, Tavily, Exa, Searxng];
}
