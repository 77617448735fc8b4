using JanServer.Contracts.Media;
using JanServer.LlmApi.Context;
using JanServer.LlmApi.Media;
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
        services.AddSingleton<RequestPreparation>();
        return services;
    }
}
