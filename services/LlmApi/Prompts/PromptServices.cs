using JanServer.Contracts.Accounts;
using JanServer.Contracts.Media;
using JanServer.LlmApi.Context;
using JanServer.LlmApi.Media;
using JanServer.LlmApi.Prompts.Templates;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Prompts;

/// <summary>Registers what prepares chat requests.</summary>
internal static class PromptServices
{
    public static IServiceCollection AddPrompts(this IServiceCollection services)
    {
        services.AddOptions<ContextOptions>().BindConfiguration("Context").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ContextOptions>, ContextOptionsValidator>();
        services.AddSingleton<EngineTokenizer>().AddSingleton<ContextFit>();
        services.AddServiceClient<MediaClient>("media-api");
        services.AddSingleton<MediaResolver>();

        services.AddOptions<PromptOptions>().BindConfiguration("Prompts").ValidateOnStart();
        services.AddSingleton<IValidateOptions<PromptOptions>, PromptOptionsValidator>();
        services.AddServiceClient<AccountsClient>("accounts");
        services.AddSingleton<PromptTemplates>().AddHostedService(provider => provider.GetRequiredService<PromptTemplates>());
        services.AddScoped<PromptTemplateStore>().AddScoped<ModelTemplateStore>();
        services.AddScoped<PromptTemplateAdministration>().AddScoped<ModelTemplateAdministration>();
        services.AddSingleton<UserSettingsCache>().AddSingleton<PromptComposer>().AddSingleton<RequestPreparation>();
        return services;
    }
}
