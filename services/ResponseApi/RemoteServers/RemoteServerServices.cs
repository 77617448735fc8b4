using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.RemoteServers;

internal static class RemoteServerServices
{
    public static IServiceCollection AddRemoteServers(this IServiceCollection services)
    {
        services.AddOutboundClient();
        services.AddOptions<RemoteServerOptions>().BindConfiguration("RemoteServers").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RemoteServerOptions>, RemoteServerOptionsValidator>());
        return services.AddSingleton<RemoteServerFactory>();
    }
}
