using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Memory;

/// <summary>Where the memory service is. Bound from <c>Memory</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>Its address, where it is no service that discovery knows. The reference's <c>MEMORY_TOOLS_URL</c> sets it too.</summary>
    public Uri? Url { get; set; }

    /// <summary>Whether there is one: an address, or a service of that name.</summary>
    internal bool IsConfigured { get; set; }
}

internal static class MemoryServices
{
    private const string Service = "memory-tools";

    public static IServiceCollection AddMemoryTool(this IServiceCollection services)
    {
        services.AddOptions<MemoryOptions>().BindConfiguration("Memory").Configure<IConfiguration>((options, configuration) =>
        {
            if (Uri.TryCreate(configuration["MEMORY_TOOLS_URL"], UriKind.Absolute, out var url))
            {
                options.Url ??= url;
            }

            options.IsConfigured = options.Url is not null || configuration.GetSection("services").GetSection(Service).Exists();
        });
        services.AddServiceClient<MemoryClient>(Service).ConfigureHttpClient((provider, http) =>
        {
            if (provider.GetRequiredService<IOptions<MemoryOptions>>().Value.Url is { } url)
            {
                http.BaseAddress = url;
            }
        });
        return services.AddSingleton<ITool, MemoryTool>();
    }
}
