using JanServer.Identity.Admin;
using JanServer.Identity.Clients;
using JanServer.Identity.Groups;
using JanServer.Identity.Keys;
using JanServer.Identity.Login;
using JanServer.Identity.Logout;
using JanServer.Identity.Pages;
using JanServer.Identity.Realms;
using JanServer.Identity.Retention;
using JanServer.Identity.Roles;
using JanServer.Identity.Sessions;
using JanServer.Identity.Tokens;
using JanServer.Identity.Users;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace JanServer.Identity;

/// <summary>Registers the features, in the order in which they need each other.</summary>
internal static class Features
{
    public static IServiceCollection AddRealms(this IServiceCollection services)
    {
        services.AddOptions<RealmOptions>().BindConfiguration("Identity").ValidateOnStart();
        services.AddSingleton<IValidateOptions<RealmOptions>, RealmOptionsValidator>();
        services.AddSingleton<IValidateOptions<RealmOptions>, RealmRules>();
        return services;
    }

    public static IServiceCollection AddKeys(this IServiceCollection services) =>
        services.AddSingleton<KeyProtection>().AddSingleton<KeyRing>().AddScoped<KeyStore>().AddHostedService<KeyRotation>();

    public static IServiceCollection AddClients(this IServiceCollection services) =>
        services.AddSingleton<ClientCatalog>()
            .AddSingleton<FailureThrottle>()
            .AddSingleton<ClientAuthentication>()
            .AddSingleton<IConfigureOptions<CorsOptions>, BrowserOrigins>()
            .AddCors();

    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddIdentityCore<User>(user => user.User.AllowedUserNameCharacters = "")
            .AddRoles<Role>()
            .AddEntityFrameworkStores<IdentityDbContext>();
        services.AddOptions<PasswordHasherOptions>().Configure<IOptions<RealmOptions>>(
            (hasher, identity) => hasher.IterationCount = identity.Value.Throttle.PasswordIterations);

        // Stateless; the framework registers it per request only because everything of Identity is.
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddSingleton<DummyPassword>();
        services.AddScoped<UserDirectory>().AddScoped<UserRegistry>().AddScoped<PasswordCheck>();
        return services.AddScoped<RealmRoles>().AddScoped<GroupStore>().AddHostedService<AdminAccount>();
    }

    public static IServiceCollection AddTokens(this IServiceCollection services) =>
        services.AddScoped<SessionStore>()
            .AddScoped<RefreshTokenStore>()
            .AddScoped<TokenIssuer>()
            .AddScoped<TokenVerifier>()
            .AddScoped<RefreshGrant>();

    public static IServiceCollection AddLogin(this IServiceCollection services) =>
        services.AddSingleton<FormTokens>()
            .AddSingleton<AuthorizationRequestReader>()
            .AddSingleton<LoginPages>()
            .AddScoped<CodeStore>()
            .AddScoped<CodeGrant>()
            .AddScoped<BrowserSignIn>();

    public static IServiceCollection AddLogout(this IServiceCollection services) =>
        services.AddScoped<BackChannelLogout>().AddScoped<BrowserLogout>();

    public static IServiceCollection AddRetention(this IServiceCollection services) =>
        services.AddSingleton<ExpiredRows>().AddHostedService(provider => provider.GetRequiredService<ExpiredRows>());
}
