using JanServer.ServiceDefaults.Auth.Principals;
using JanServer.ServiceDefaults.Discovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>Registers the validation of access tokens.</summary>
public static class JwtRegistration
{
    /// <summary>Recognizes users' access tokens as bearer credentials, of the issuer that section <c>Auth</c> names.</summary>
    public static IServiceCollection AddUserTokenAuthentication(this IServiceCollection services)
    {
        services.AddJwtValidation().AddPrincipals();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBearerAuthenticator, UserTokenAuthenticator>());
        return services;
    }

    /// <summary>Registers <see cref="JwtValidator"/> alone, with its validated options.</summary>
    public static IServiceCollection AddJwtValidation(this IServiceCollection services)
    {
        services.AddOptions<JwtOptions>().BindConfiguration("Auth").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<JwksDownload>();
        services.TryAddSingleton<JwksClient>();
        services.TryAddSingleton(provider => new JwtValidator(
            provider.GetRequiredService<JwksClient>(),
            provider.GetRequiredService<IOptions<JwtOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHttpClient(JwksDownload.ClientName)
            .ConfigureHttpClient(client => client.MaxResponseContentBufferSize = JwksDownload.MaxDocumentLength)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
            })
            .AddServiceDiscovery();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, JwksClient>(
            provider => provider.GetRequiredService<JwksClient>()));
        return services;
    }
}
