using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Shutdown;

internal static class ShutdownRegistration
{
    private const string WatchSetting = "JANSERVER_WATCH_STDIN";

    public static void AddGracefulShutdown(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ShutdownOptions>().BindConfiguration("Shutdown").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ShutdownOptions>, ShutdownOptionsValidator>());
        services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) =>
            host.ShutdownTimeout = shutdown.Value.DrainTimeout + DrainDeadline.LastWords);
        services.TryAddSingleton<DrainDeadline>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DrainDeadline>(
            provider => provider.GetRequiredService<DrainDeadline>()));
        if (builder.Configuration[WatchSetting] == "1")
        {
            services.AddSingleton<IHostedService>(provider => new ParentWatch(
                Console.OpenStandardInput(),
                provider.GetRequiredService<IHostApplicationLifetime>(),
                provider.GetRequiredService<ILogger<ParentWatch>>()));
        }
    }
}
