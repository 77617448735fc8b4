using JanServer.McpTools.Settings;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Tools;

internal static class ToolServices
{
    public static IServiceCollection AddToolCatalogue(this IServiceCollection services)
    {
        services.AddOptions<ToolOptions>().BindConfiguration("McpTools").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ToolOptions>, ToolOptionsValidator>();
        services.AddSingleton<IValidateOptions<ToolOptions>, ToolTimeoutsValidator>();
        services.AddSingleton<IValidateOptions<ToolOptions>, DisallowedKeywordsValidator>();
        return services
            .AddSingleton<KeywordFilters>()
            .AddSingleton<ArgumentRules>()
            .AddSingleton<CallGates>()
            .AddSingleton<ToolRunner>()
            .AddSingleton<ToolCatalogue>();
    }
}
