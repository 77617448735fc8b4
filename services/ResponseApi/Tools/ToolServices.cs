using JanServer.ResponseApi.Tools.Hosted;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Tools;

internal static class ToolServices
{
    public static IServiceCollection AddTools(this IServiceCollection services)
    {
        services.AddOptions<ToolsOptions>().BindConfiguration("Tools").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ToolsOptions>, ToolsOptionsValidator>());
        services.AddServiceStreamClient(HostedTools.Service);
        services.AddServiceStreamClient(MadeImages.Service);
        services.AddSingleton<HostedTools>();
        services.AddSingleton<MadeImages>();
        services.AddSingleton<ToolSetFactory>();
        return services.AddSingleton<IToolSetFactory>(provider => provider.GetRequiredService<ToolSetFactory>());
    }
}
