using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Conversations.Titles;

internal static class TitleServices
{
    public static IServiceCollection AddTitles(this IServiceCollection services)
    {
        services.AddOptions<TitleOptions>().BindConfiguration("Titles").ValidateOnStart();
        services.AddSingleton<IValidateOptions<TitleOptions>, TitleOptionsValidator>();
        return services
            .AddScoped<TitleStore>()
            .AddSingleton<TitleModel>()
            .AddSingleton<TitleGeneration>()
            .AddHostedService(provider => provider.GetRequiredService<TitleGeneration>());
    }
}
