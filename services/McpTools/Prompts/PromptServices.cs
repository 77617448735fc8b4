namespace JanServer.McpTools.Prompts;

internal static class PromptServices
{
    public static IServiceCollection AddPrompts(this IServiceCollection services) =>
        services.AddSingleton<PromptCatalogue>().AddSingleton<IPromptSource, ResearchPrompt>();
}
