using JanServer.Data.Writing;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Calls;

internal static class CallServices
{
    public static IServiceCollection AddToolCalls(this IServiceCollection services)
    {
        services.AddOptions<CallOptions>().BindConfiguration("McpTools:Calls").Configure<IConfiguration>(ReadReferenceNames).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CallOptions>, CallOptionsValidator>();
        services.AddServiceStreamClient(ConversationReports.Client);

        // Stopped in the opposite order: what still runs ends, and is written before the writer does.
        return services
            .AddSingleton<CallMetrics>()
            .AddSingleton<ReportSignal>()
            .AddSingleton<CallKeyStore>()
            .AddSingleton<CallReportStore>()
            .AddSingleton<UsageStore>()
            .AddBatchWriter<CallEntry>("tool_calls", CallWriting.WriteAsync)
            .AddSingleton<CallLedger>()
            .AddSingleton<CallCancellations>()
            .AddSingleton<RunningCalls>()
            .AddSingleton<IdempotentCalls>()
            .AddHostedService(provider => provider.GetRequiredService<RunningCalls>())
            .AddHostedService<ConversationReports>()
            .AddSingleton<CallRetention>()
            .AddHostedService(provider => provider.GetRequiredService<CallRetention>());
    }

    private static void ReadReferenceNames(CallOptions options, IConfiguration configuration)
    {
        if (bool.TryParse(configuration["MCP_TRACKING_ENABLED"], out var tracking))
        {
            options.Tracking = tracking;
        }
    }
}
