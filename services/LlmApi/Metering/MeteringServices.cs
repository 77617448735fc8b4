using JanServer.Data.Writing;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Metering;

internal static class MeteringServices
{
    public static IServiceCollection AddMetering(this IServiceCollection services)
    {
        services.AddOptions<UsageOptions>().BindConfiguration("Usage").ValidateOnStart();
        services.AddSingleton<IValidateOptions<UsageOptions>, UsageOptionsValidator>();
        return services
            .AddSingleton<LlmMetrics>()
            .AddSingleton<Bookkeeping>()
            .AddBatchWriter<BookEntry>("exchanges", Bookkeeping.WriteAsync, Bookkeeping.Grouping)
            .AddBatchWriter<OpenExchange>("open_exchanges", OpenExchanges.WriteAsync, OpenExchanges.Grouping)
            .AddSingleton<OpenExchanges>()
            .AddSingleton<LostExchanges>()
            .AddHostedService<ReplicaWatch>()
            .AddHostedService<UsageRetention>();
    }
}
