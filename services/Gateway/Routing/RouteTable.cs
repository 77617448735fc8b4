using JanServer.ServiceDefaults.Auth;

namespace JanServer.Gateway.Routing;

/// <summary>
/// The public surface of the deployment. What is not here is a 404, above all <c>/internal</c>, which services keep among
/// themselves. The alias <c>/llm</c> is taken off before routing; see <see cref="PathNormalization"/>.
/// </summary>
internal static class RouteTable
{
    public const string Accounts = "accounts";
    public const string LlmApi = "llm-api";

    private const string ResponseApi = "response-api";
    private const string MediaApi = "media-api";
    private const string McpTools = "mcp-tools";
    private const string MemoryTools = "memory-tools";
    private const string RealtimeApi = "realtime-api";

    /// <summary>Every deployment has these; the others are routed once their address is configured.</summary>
    public static IReadOnlyList<string> CoreServices { get; } = [LlmApi, Accounts];

    public static IReadOnlyList<ServiceRoute> All { get; } =
    [
        new("/v1", LlmApi),

        new("/auth", Accounts),
        new("/v1/organization", Accounts),
        new("/v1/organization/usage", LlmApi),
        new("/v1/organization/costs", LlmApi),
        new("/v1/organizations", Accounts),
        new("/v1/users/me", Accounts),
        new("/v1/admin/users", Accounts),
        new("/v1/admin/groups", Accounts),
        new("/v1/admin/feature-flags", Accounts),
        new("/v1/admin/audit-logs", Accounts),

        new("/v1/responses", ResponseApi),
        new("/v1/webhooks", ResponseApi),
        new("/responses/v1", ResponseApi) { InternalPrefix = "/v1" },

        new("/v1/files", MediaApi),
        new("/v1/media", MediaApi),
        new("/api/media", MediaApi),
        new("/media/v1", MediaApi) { InternalPrefix = "/v1" },

        new("/v1/mcp", McpTools),
        new("/v1/admin/mcp", McpTools),
        new("/mcp", McpTools) { InternalPrefix = "/v1/mcp" },
        new(ResourceChallenge.MetadataPath, McpTools),

        new("/memory/v1", MemoryTools) { InternalPrefix = "/v1" },
        new("/v1/realtime", RealtimeApi),
    ];

    /// <summary>The services that any route leads to.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. All.Select(route => route.Service).Distinct()];

    /// <summary>How clients spell a path of a service; null when none of the service's routes leads there.</summary>
    public static string? PublicPath(string service, string path)
    {
        foreach (var route in All)
        {
            if (route.Service == service && IsBelow(path, route.InternalPrefix))
            {
                var spelled = route.Prefix + path[route.InternalPrefix.Length..];
                if (RouteOf(spelled) == route)
                {
                    return spelled;
                }
            }
        }

        return null;
    }

    private static ServiceRoute? RouteOf(string path) =>
        All.Where(route => IsBelow(path, route.Prefix)).MaxBy(route => route.Prefix.Length);

    private static bool IsBelow(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (path.Length == prefix.Length || path[prefix.Length] == '/');
}
