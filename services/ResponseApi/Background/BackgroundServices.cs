using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Background;

internal static class BackgroundServices
{
    /// <summary>Add it after the event log: hosted services stop in the opposite order, and runs have last words.</summary>
    public static IServiceCollection AddBackground(this IServiceCollection services)
    {
        services.AddOptions<BackgroundOptions>().BindConfiguration("Background").ValidateOnStart();
        services.AddSingleton<IConfigureOptions<BackgroundOptions>, ReferenceBackgroundSettings>();
        services.AddSingleton<IValidateOptions<BackgroundOptions>, BackgroundOptionsValidator>();
        services.AddSingleton<Signals>();
        services.AddSingleton<RunningResponses>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<RunEnds>();
        services.AddSingleton<RunMetrics>();
        services.AddSingleton<ResponseRunner>();
        services.AddServiceClient<AccountsClient>("accounts");
        services.AddSingleton<CallerStandings>();
        services.AddSingleton<BackgroundRuns>();
        services.AddHostedService<SignalListener>();
        services.AddSingleton<LeaseKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>());
        services.AddHostedService<BackgroundWorkers>();
        return services;
    }
}
