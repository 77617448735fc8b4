namespace JanServer.MediaApi.Files;

internal static class FileServices
{
    public static IServiceCollection AddFiles(this IServiceCollection services)
    {
        services.AddSingleton<FileStore>();
        services.AddHealthChecks().AddCheck<FileStoreCheck>("files", tags: ["ready"]);
        return services;
    }
}
