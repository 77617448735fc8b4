using System.Diagnostics;
using System.Net;
using JanServer.ServiceDefaults.Discovery;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search.Providers;

internal static class ProviderServices
{
    // More calls wait for a connection, as part of their time.
    private const int MaxConnections = 50;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Registers what search and scraping share; each of them calls it.</summary>
    public static IServiceCollection AddWebProviders(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ProviderClient)))
        {
            return services;
        }

        services.AddOptions<ProviderOptions>().Configure<IConfiguration>(ProviderSettings.Apply).BindConfiguration("Providers").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProviderOptions>, ProviderOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddServiceDiscovery();
        services.AddDistributedMemoryCache();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<ProviderCircuits>();
        services.AddSingleton<ProviderMetrics>();
        services.AddSingleton<ProviderClient>();

        // Without the factory's loggers, which write URLs: SearXNG's hold the query.
        services.AddHttpClient(ProviderClient.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.ConnectTimeout = ConnectTimeout;
                handler.MaxConnectionsPerServer = MaxConnections;
                handler.PooledConnectionLifetime = ConnectionLifetime;
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.AutomaticDecompression = DecompressionMethods.All;
                handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services;
    }
}
