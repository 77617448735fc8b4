using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Discovery;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Resilience;

/// <summary>Registers clients of other services and of model servers.</summary>
public static class ServiceClients
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Registers a typed client of a service of this deployment: found by name, protected as <see cref="ResilienceOptions"/> says,
    /// repeated only where that is safe, and vouching for the current caller. Failures to reach the service are
    /// <see cref="ServiceUnreachableException"/>, which unhandled is a 503.
    /// </summary>
    /// <typeparam name="TClient">A class with a constructor that takes an <see cref="HttpClient"/>.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The service's resource name, such as <c>accounts</c>.</param>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IServiceCollection services, string name)
        where TClient : class
    {
        if (services.Any(service => service.ServiceType == typeof(TClient)))
        {
            // Several features may need the same client; its handlers must not nest.
            return services.AddHttpClient(typeof(TClient).Name);
        }

        services.AddServiceCalls();
        services.TryAddKeyedSingleton<ServicePipeline>(name, (provider, _) => new(
            provider.GetRequiredService<IOptions<ResilienceOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        return services.AddHttpClient<TClient>((provider, client) =>
            {
                client.BaseAddress = new($"http://{name}");

                // The pipeline bounds the time until the response begins; this also bounds its body.
                var options = provider.GetRequiredService<IOptions<ResilienceOptions>>().Value;
                client.Timeout = TimeSpan.FromSeconds(2 * options.TotalTimeoutSeconds);
            })
            .UseSocketsHttpHandler((handler, _) => Tune(handler))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .AddHttpMessageHandler(provider => new ResilienceHandler(name, provider.GetRequiredKeyedService<ServicePipeline>(name)))
            .AddHttpMessageHandler<CallerForwardingHandler>()
            .AddServiceDiscovery();
    }

    /// <summary>
    /// Registers a named client for model servers and other long or streamed answers: no timeout but the caller's token, no retry
    /// (a prompt is not idempotent; failing over is the caller's to decide, before the first byte), connections that end at once when
    /// the answer is no longer wanted, and bytes as the server sent them.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The client's name for <see cref="IHttpClientFactory"/>.</param>
    public static IHttpClientBuilder AddModelHttpClient(this IServiceCollection services, string name) =>
        services.AddHttpClient(name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) =>
            {
                Tune(handler);

                // Default is to read on for up to two seconds, in the hope to use the connection again: tokens nobody wants.
                handler.MaxResponseDrainSize = 0;
                handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
                handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
                handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .AddServiceDiscovery();

    /// <summary>
    /// Registers a named client for long or streamed answers of a service of this deployment: like a model's
    /// (<see cref="AddModelHttpClient"/>), with the service's address, and vouching for the caller.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The service's resource name, such as <c>llm-api</c>; also the client's for <see cref="IHttpClientFactory"/>.</param>
    public static IHttpClientBuilder AddServiceStreamClient(this IServiceCollection services, string name)
    {
        if (services.Any(service => service.ServiceType == typeof(StreamClient) && Equals(service.ServiceKey, name)))
        {
            // Several features may need the same client; its handlers must not nest.
            return services.AddHttpClient(name);
        }

        services.AddServiceCalls();
        services.AddKeyedSingleton<StreamClient>(name);
        return services.AddModelHttpClient(name)
            .ConfigureHttpClient(client => client.BaseAddress = new($"http://{name}"))
            .AddHttpMessageHandler<CallerForwardingHandler>();
    }

    /// <summary>Marks that a stream client of that name is registered.</summary>
    private sealed class StreamClient;

    private static void AddServiceCalls(this IServiceCollection services)
    {
        services.AddOptions<ResilienceOptions>().BindConfiguration("Resilience").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ResilienceOptions>, ResilienceOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionClassifier, UnreachableServices>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServiceName>();
        services.TryAddTransient<CallerForwardingHandler>();
        services.AddCallerTokens();
        services.AddHttpContextAccessor();
    }

    private static void Tune(SocketsHttpHandler handler)
    {
        // Connections, not handlers, are renewed: a changed address is noticed within this time.
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.ConnectTimeout = ConnectTimeout;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.AutomaticDecompression = System.Net.DecompressionMethods.None;
        handler.EnableMultipleHttp2Connections = true;
    }
}
