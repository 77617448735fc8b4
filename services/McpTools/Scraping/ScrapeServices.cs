using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Scraping.Robots;
using JanServer.McpTools.Scraping.Sources;
using JanServer.McpTools.Search.Providers;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping;

internal static class ScrapeServices
{
    public static IServiceCollection AddScraping(this IServiceCollection services)
    {
        services.AddOptions<ScrapeOptions>().Configure<IConfiguration>(ScrapeSettings.Apply).BindConfiguration("Scraping").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ScrapeOptions>, ScrapeOptionsValidator>();
        services.AddWebProviders();
        services.AddOutboundClient();
        services.AddSingleton<RobotsGate>();
        services.AddSingleton<ReadingThreads>();
        services.AddSingleton<PageReader>();
        services.AddSingleton<IPageSource, SerperPages>();
        services.AddSingleton<IPageSource, ExaPages>();
        services.AddSingleton<IPageSource, TavilyPages>();
        services.AddSingleton<IPageSource, DirectPages>();
        services.AddSingleton<ScrapeChain>();
        services.AddSingleton<ITool, ScrapeTool>();
        return services;
    }
}
