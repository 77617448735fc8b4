using JanServer.ServiceDefaults.Discovery;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.IdentityProvider;

internal static class IdentityProviderServices
{
    private const int MaxAnswerBytes = 1024 * 1024;
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddIdentityProvider(this IServiceCollection services)
    {
        services.AddOptions<KeycloakOptions>().BindConfiguration("Keycloak").ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeycloakOptions>, KeycloakOptionsValidator>();
        services.AddHttpClient<KeycloakClient>((provider, http) =>
            {
                var baseUrl = provider.GetRequiredService<IOptions<KeycloakOptions>>().Value.BaseUrl;
                http.BaseAddress = new(baseUrl.AbsoluteUri.TrimEnd('/') + "/");
                http.MaxResponseContentBufferSize = MaxAnswerBytes;
            })
            .UseSocketsHttpHandler((handler, _) =>
            {
                // A redirect would carry passwords and tokens to wherever it points.
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.PooledConnectionLifetime = ConnectionLifetime;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .AddServiceDiscovery();
        services.AddSingleton<KeycloakAdminToken>();
        services.AddTransient<KeycloakAdminApi>();
        services.AddTransient<KeycloakAdmin>();
        services.AddTransient<KeycloakUsers>();
        services.AddTransient<KeycloakGroups>();
        services.AddSingleton<IExceptionClassifier, IdentityProviderFailures>();
        return services;
    }
}
