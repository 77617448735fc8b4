using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Resilience;

namespace JanServer.McpTools.Images;

internal static class ImageServices
{
    public static IServiceCollection AddImageTools(this IServiceCollection services)
    {
        services.AddOptions<ImageOptions>().BindConfiguration("Images").Configure<IConfiguration>((options, configuration) =>
        {
            options.Generate = Switch(configuration, "MCP_ENABLE_IMAGE_GENERATE") ?? options.Generate;
            options.Edit = Switch(configuration, "MCP_ENABLE_IMAGE_EDIT") ?? options.Edit;
        });
        services.AddServiceStreamClient(ImageCalls.Client);
        return services
            .AddSingleton<ImageCalls>()
            .AddSingleton<ITool, GenerateImageTool>()
            .AddSingleton<ITool, EditImageTool>();
    }

    private static bool? Switch(IConfiguration configuration, string name) => bool.TryParse(configuration[name], out var on) ? on : null;
}
