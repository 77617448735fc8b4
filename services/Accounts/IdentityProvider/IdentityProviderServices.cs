using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.IdentityProvider;

internal static class IdentityProviderServices
{
    public static IServiceCollection AddIdentityProvider(this IServiceCollection services)
    {
        services.AddOptions<KeycloakOptions>().BindConfiguration("Keycloak").ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeycloakOptions>, KeycloakOptionsValidator>();
        services.AddHttpClient<KeycloakClient>((provider, http) =>
        {
            var baseUrl = provider.GetRequiredService<IOptions<KeycloakOptions>>().Value.BaseUrl;
            http.BaseAddress = new(baseUrl.AbsoluteUri.TrimEnd('/') + "/");
            http.MaxResponseContentBufferSize = 1024 * 1024;
        });
        services.AddSingleton<KeycloakAdminToken>();
        services.AddTransient<KeycloakAdmin>();
        services.AddSingleton<IExceptionClassifier, IdentityProviderFailures>();
        return services;
    }
}
