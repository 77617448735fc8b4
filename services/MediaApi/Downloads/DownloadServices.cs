namespace JanServer.MediaApi.Downloads;

internal static class DownloadServices
{
    public static IServiceCollection AddDownloads(this IServiceCollection services) => services.AddSingleton<Links>();
}
