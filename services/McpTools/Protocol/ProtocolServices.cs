using JanServer.McpTools.Protocol.Dispatch;
using JanServer.McpTools.Protocol.Methods;
using JanServer.McpTools.Protocol.Requests;
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
        services.AddSingleton<ServerProfile>().AddSingleton<Origins>().AddSingleton<InputState>().AddSingleton<ClientInput>();
        services.AddSingleton<IMethods, ToolMethods>();
        services.AddSingleton<Dispatcher>().AddSingleton<PostHandler>();
        return services;
    }
}
