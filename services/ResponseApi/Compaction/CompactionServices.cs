namespace JanServer.ResponseApi.Compaction;

internal static class CompactionServices
{
    public static IServiceCollection AddCompaction(this IServiceCollection services)
    {
        services.AddSingleton<CompactionItems>();
        services.AddSingleton<Compactor>();
        return services;
    }
}
