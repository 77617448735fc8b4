namespace JanServer.LlmApi.Sync;

internal static class SyncServices
{
    public static IServiceCollection AddSync(this IServiceCollection services)
    {
        services.AddSingleton<ProviderSync>().AddScoped<SyncStore>().AddScoped<LeaseStore>();
        services.AddSingleton<SyncSchedule>().AddHostedService(provider => provider.GetRequiredService<SyncSchedule>());
        return services;
    }
}
