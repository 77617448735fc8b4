using JanServer.ResponseApi.Chat;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Runs;

internal static class AgentServices
{
    /// <summary>The loop, and the client of models that it needs. Takes an <c>IToolSetFactory</c> from elsewhere.</summary>
    public static IServiceCollection AddAgent(this IServiceCollection services)
    {
        services.AddChat();
        services.AddSingleton<IConfigureOptions<AgentOptions>, AgentEnvironment>();
        services.AddOptions<AgentOptions>().BindConfiguration("Agent").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AgentOptions>, AgentOptionsValidator>());
        services.TryAddSingleton<AgentMetrics>();
        services.TryAddSingleton<AgentLoop>();
        return services;
    }
}
