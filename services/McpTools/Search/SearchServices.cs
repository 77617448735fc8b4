using JanServer.McpTools.Search.Providers;
using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search;

internal static class SearchServices
{
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services.AddOptions<SearchOptions>().Configure<IConfiguration>(SearchSettings.Apply).BindConfiguration("Search").ValidateOnStart();
        services.AddSingleton<IValidateOptions<SearchOptions>, SearchOptionsValidator>();
        services.AddWebProviders();
        services.AddSingleton<ISearchProvider, SerperSearch>();
        services.AddSingleton<ISearchProvider, TavilySearch>();
        services.AddSingleton<ISearchProvider, ExaSearch>();
        services.AddSingleton<ISearchProvider, SearxngSearch>();
        services.AddSingleton<SearchChain>();
        services.AddSingleton<ITool, SearchTool>();
        return services;
    }
}
