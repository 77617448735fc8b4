using JanServer.ServiceDefaults.Health;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Isolation;

internal static class IsolationServices
{
    public static IServiceCollection AddIsolation(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptionsValidator>();
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptionsRules>();
        services.AddOptions<SandboxOptions>().BindConfiguration("Sandbox").ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<SandboxOptions>>(
            static (kestrel, options) => kestrel.Limits.MaxRequestBodySize = options.Value.MaxRequestBytes);

        // Scratch is made by the first run: a machine without Linux still starts and says what it lacks.
        services.AddSingleton<ScratchFolder>();
        services.AddSingleton(provider => new Lazy<ScratchFolder>(provider.GetRequiredService<ScratchFolder>));
        services.AddSingleton<Launcher>().AddSingleton<Programs>().AddSingleton<UserIds>().AddSingleton<Jail>().AddSingleton<Availability>();
        services.AddHealthChecks().AddCheck<IsolationCheck>("isolation", tags: [HealthDefaults.ReadyTag]);
        return services;
    }
}
