using JanServer.McpTools.Protocol.Dispatch;
using JanServer.McpTools.Protocol.Methods;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Sessions;
using JanServer.McpTools.Protocol.Signals;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Protocol;

internal static class ProtocolServices
{
    public static IServiceCollection AddProtocol(this IServiceCollection services)
    {
        services.AddOptions<ProtocolOptions>().BindConfiguration("McpServer").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProtocolOptions>, ProtocolOptionsValidator>();

        // It says at every request that it began and ended.
        services.AddLogging(logging => logging.AddFilter("ModelContextProtocol", LogLevel.Warning));
        services.AddSingleton<SignalBus>().AddHostedService(provider => provider.GetRequiredService<SignalBus>());
        services.AddSingleton<IListChanges, ListChanges>().AddSingleton<StreamLimit>();
        services.AddSingleton<SessionStore>().AddSingleton<SessionGate>().AddSingleton<QuestionAnswers>();
        services.AddSingleton<ProtocolMetrics>().AddSingleton<ServerProfile>().AddSingleton<Origins>();
        services.AddSingleton<InputState>().AddSingleton<ClientInput>();
        services.AddSingleton<IMethods, ToolMethods>();
        services.AddSingleton<IMethods, PromptMethods>();
        services.AddSingleton<IMethods, ResourceMethods>();
        services.AddSingleton<IMethods, CompletionMethods>();
        services.AddSingleton<IMethods, LoggingMethods>();
        services.AddSingleton<IMethods, ListenMethods>();
        services.AddSingleton<SdkLoggers>().AddSingleton<RunningRequests>().AddSingleton<Dispatcher>();
        services.AddSingleton<PostHandler>().AddSingleton<GetHandler>().AddSingleton<DeleteHandler>();
        return services;
    }
}
