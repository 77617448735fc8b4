namespace JanServer.McpTools.Tools;

internal static class ToolServices
{
    public static IServiceCollection AddToolCatalogue(this IServiceCollection services) => services.AddSingleton<ToolCatalogue>();
}
