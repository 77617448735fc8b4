namespace JanServer.LlmApi.Projects;

internal static class ProjectServices
{
    public static IServiceCollection AddProjects(this IServiceCollection services) =>
        services.AddScoped<ProjectStore>().AddScoped<ProjectFolders>();
}
