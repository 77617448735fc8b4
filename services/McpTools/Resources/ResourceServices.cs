namespace JanServer.McpTools.Resources;

internal static class ResourceServices
{
    public static IServiceCollection AddResources(this IServiceCollection services) =>
        services.AddSingleton<ResourceCatalogue>().AddSingleton<IResourceSource, ToolGuide>();
}
