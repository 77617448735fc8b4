using JanServer.Contracts.Tools;
using JanServer.ServiceDefaults.Resilience;

namespace JanServer.McpTools.Settings;

internal static class SettingsServices
{
    public static IServiceCollection AddToolSettings(this IServiceCollection services)
    {
        services.AddServiceClient<ToolSettingsClient>("llm-api");
        return services.AddSingleton<SettingsCache>();
    }
}
