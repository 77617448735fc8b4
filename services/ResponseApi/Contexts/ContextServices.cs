using JanServer.ServiceDefaults.Resilience;

namespace JanServer.ResponseApi.Contexts;

internal static class ContextServices
{
    public static IServiceCollection AddContexts(this IServiceCollection services)
    {
        services.AddServiceClient<ConversationClient>("llm-api");
        services.AddSingleton<ChainStore>();
        services.AddSingleton<ContextLoader>();
        services.AddSingleton<ConversationOutbox>();
        services.AddSingleton<ConversationAppends>();
        services.AddHostedService(provider => provider.GetRequiredService<ConversationAppends>());
        return services;
    }
}
