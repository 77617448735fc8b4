using JanServer.Data.Writing;

namespace JanServer.ResponseApi.EventLog;

internal static class EventLogServices
{
    public static IServiceCollection AddEventLog(this IServiceCollection services)
    {
        services.AddBatchWriter<LoggedEvent>("response_events", LoggedEvent.InsertAsync);
        services.AddSingleton<EventLogReader>();
        services.AddSingleton<EventPruning>();
        services.AddHostedService(provider => provider.GetRequiredService<EventPruning>());
        return services;
    }
}
