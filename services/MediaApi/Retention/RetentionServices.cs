namespace JanServer.MediaApi.Retention;

internal static class RetentionServices
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddSingleton<ExpiredMedia>();
        services.AddHostedService(provider => provider.GetRequiredService<ExpiredMedia>());
        return services;
    }
}
