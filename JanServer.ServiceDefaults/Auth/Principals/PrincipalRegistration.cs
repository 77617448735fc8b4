using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth.Principals;

/// <summary>Registers what turns a verified credential into a <see cref="Caller"/>.</summary>
public static class PrincipalRegistration
{
    /// <summary>Recognizes API keys (<c>sk_…</c>) as bearer credentials. The gateway does; services get a caller token instead.</summary>
    public static IServiceCollection AddApiKeyAuthentication(this IServiceCollection services) =>
        services.AddPrincipals().AddSingleton<IBearerAuthenticator, ApiKeyAuthenticator>();

    /// <summary>Asks accounts whose a credential is, unless the host has registered an <see cref="IPrincipalSource"/> of its own.</summary>
    internal static IServiceCollection AddPrincipals(this IServiceCollection services)
    {
        services.AddOptions<CredentialCacheOptions>().BindConfiguration("Auth:Cache").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CredentialCacheOptions>, CredentialCacheOptionsValidator>());
        services.TryAddSingleton<CredentialCache>();
        services.TryAddSingleton<IPrincipalSource, RemotePrincipals>();
        services.AddServiceClient<AccountsClient>("accounts");
        return services;
    }
}
