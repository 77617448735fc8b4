namespace JanServer.LlmApi.McpTools;

internal static class McpToolServices
{
    public static IServiceCollection AddMcpTools(this IServiceCollection services) => services.AddScoped<McpToolStore>();
}
