namespace JanServer.Accounts.Settings;

internal static class SettingsServices
{
    public static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddOptions<CapabilityOptions>().BindConfiguration("Accounts:Capabilities");
        return services.AddScoped<SettingsStore>();
    }
}
