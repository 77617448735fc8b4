using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Chat;

internal static class ChatServices
{
    public static IServiceCollection AddChat(this IServiceCollection services)
    {
        services.AddOptions<ChatOptions>().BindConfiguration("Chat").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChatOptions>, ChatOptionsValidator>());
        services.AddServiceStreamClient(ChatClient.Service);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ChatClient>();
        return services;
    }
}
