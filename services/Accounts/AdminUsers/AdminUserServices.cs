namespace JanServer.Accounts.AdminUsers;

internal static class AdminUserServices
{
    public static IServiceCollection AddAdminUsers(this IServiceCollection services) =>
        services.AddScoped<UserSearch>().AddScoped<Memberships>().AddScoped<UserTarget>().AddScoped<UserSwitch>();
}
