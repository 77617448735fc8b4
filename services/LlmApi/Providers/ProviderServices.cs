using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

internal static class ProviderServices
{
    public static IServiceCollection AddProviders(this IServiceCollection services)
    {
        services.AddOptions<ProvidersOptions>().Configure<IConfiguration>(ConfiguredProviders.Bind).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProvidersOptions>, ProvidersOptionsValidator>();
        services.AddOptions<UpstreamOptions>().BindConfiguration("Upstreams").ValidateOnStart();
        services.AddSingleton<IValidateOptions<UpstreamOptions>, UpstreamOptionsValidator>();
        services.AddOptions<EngineDiscoveryOptions>().BindConfiguration("EngineDiscovery").ValidateOnStart();
        services.AddSingleton<IValidateOptions<EngineDiscoveryOptions>, EngineDiscoveryOptionsValidator>();
        services.AddOptions<ProviderEncryptionOptions>().BindConfiguration("Providers:Encryption").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProviderEncryptionOptions>, ProviderEncryptionOptionsValidator>();

        services.AddSingleton<UpstreamClient>().AddSingleton<UpstreamAttempts>().AddSingleton<Failover>();
        services.AddSingleton<ProviderRegistry>().AddSingleton<ModelListing>();
        services.AddHostedService<EngineDiscovery>();
        services.AddSingleton<ProviderKeys>().AddSingleton<StoredProviders>();
        services.AddScoped<ProviderStore>().AddScoped<ProviderAdministration>().AddScoped<ProviderResources>().AddScoped<ProviderKeyRotation>();
        return services;
    }
}
