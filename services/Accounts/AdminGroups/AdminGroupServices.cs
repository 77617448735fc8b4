using JanServer.Accounts.FeatureFlags;

namespace JanServer.Accounts.AdminGroups;

internal static class AdminGroupServices
{
    public static IServiceCollection AddAdminGroups(this IServiceCollection services) =>
        services.AddScoped<FeatureFlagStore>().AddScoped<GroupLock>().AddScoped<GroupChanges>();
}
