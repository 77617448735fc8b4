using Microsoft.Extensions.Options;

namespace JanServer.Accounts.ApiKeys;

internal static class ApiKeyServices
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddOptions<ApiKeyOptions>().BindConfiguration("ApiKeys").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsValidator>();
        services.AddScoped<ApiKeyStore>();
        services.AddSingleton<ApiKeyUse>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyUse>());
        return services;
    }
}
