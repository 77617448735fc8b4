using JanServer.ServiceDefaults.Auth.Principals;

namespace JanServer.Accounts.Users;

internal static class UserServices
{
    public static IServiceCollection AddUsers(this IServiceCollection services) =>
        services
            .AddScoped<UserStore>()
            .AddScoped<UserStanding>()
            .AddScoped<PrincipalResolution>()
            .AddSingleton<IPrincipalSource, LocalPrincipals>();
}
