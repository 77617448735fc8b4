using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>Registers the guarded way out.</summary>
public static class OutboundRegistration
{
    /// <summary>
    /// Registers <see cref="OutboundClient"/>, and <see cref="GuardedHandlers"/> for libraries that bring a client of their own. May be
    /// called by every feature that needs them. <see cref="OutboundGuard"/> judges a URL that somebody else is to request.
    /// </summary>
    public static IServiceCollection AddOutboundClient(this IServiceCollection services)
    {
        services.AddOptions<OutboundOptions>().BindConfiguration("Outbound").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutboundOptions>, OutboundOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AddressRules>();
        services.TryAddSingleton<HostLookup>(Dns.GetHostAddressesAsync);
        services.TryAddSingleton<GuardedConnector>();
        services.TryAddSingleton(provider => new GuardedHandlers(
            provider.GetRequiredService<GuardedConnector>(), provider.GetRequiredService<IOptions<OutboundOptions>>()));
        services.TryAddSingleton(provider => new OutboundGuard(
            provider.GetRequiredService<AddressRules>(), provider.GetRequiredService<HostLookup>()));
        services.TryAddSingleton(provider => new OutboundClient(
            provider.GetRequiredService<GuardedHandlers>().Create(),
            provider.GetRequiredService<IOptions<OutboundOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
