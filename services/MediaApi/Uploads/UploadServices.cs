using JanServer.ServiceDefaults.Outbound;

namespace JanServer.MediaApi.Uploads;

internal static class UploadServices
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddOutboundClient();
        services.AddScoped<Ingestion>();
        services.AddSingleton<RemoteSource>();
        return services;
    }
}
