using JanServer.ServiceDefaults.Discovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanServer.ServiceDefaults.Health;

/// <summary>Registers readiness checks of other services.</summary>
public static class ServiceReadiness
{
    private static readonly string[] Tags = [HealthDefaults.ReadyTag];

    /// <summary>
    /// Makes this host ready only while another service is. Two services must not wait for each other like this: neither would
    /// ever become ready.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="service">The resource name of the service, such as <c>accounts</c>.</param>
    /// <param name="required">False to report <c>degraded</c>, which keeps this host ready, instead of <c>unhealthy</c>.</param>
    public static IServiceCollection AddServiceReadiness(this IServiceCollection services, string service, bool required = true)
    {
        services.AddHttpClient(ServiceReadinessCheck.NameFor(service)).RemoveAllLoggers().AddServiceDiscovery();
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            service,
            provider => new ServiceReadinessCheck(provider.GetRequiredService<IHttpClientFactory>(), service),
            required ? HealthStatus.Unhealthy : HealthStatus.Degraded,
            Tags));
        return services;
    }
}
