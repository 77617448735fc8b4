using JanServer.Data.Writing;

namespace JanServer.LlmApi.Metering;

internal static class MeteringServices
{
    public static IServiceCollection AddMetering(this IServiceCollection services) => services
        .AddSingleton<LlmMetrics>()
        .AddSingleton<Bookkeeping>()
        .AddBatchWriter<BookEntry>("exchanges", Bookkeeping.WriteAsync, Bookkeeping.Grouping);
}
