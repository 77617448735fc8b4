using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace JanServer.Gateway.Edge;

/// <summary>
/// Which web pages may call us from another origin: those that <c>Gateway:CorsOrigins</c> lists, and in Development pages served from
/// this machine. Preflights are answered here, without a credential.
/// </summary>
internal static class CrossOrigin
{
    private static readonly string[] Exposed =
    [
        "X-Request-Id",
        "Retry-After",
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
        "RateLimit-Policy",
        "x-ratelimit-limit-requests",
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests",
        "Mcp-Session-Id",
        "MCP-Protocol-Version",
        "WWW-Authenticate",
        "X-Applied-Prompt-Modules",
        "X-Failed-Prompt-Modules",
        "X-Trimmed-Messages",
    ];

    public static IServiceCollection AddCrossOrigin(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<GatewayOptions>, IHostEnvironment>((cors, gateway, environment) =>
        {
            var allowed = gateway.Value.CorsOrigins.Select(origin => origin.TrimEnd('/')).ToHashSet(StringComparer.OrdinalIgnoreCase);
            cors.AddDefaultPolicy(policy => policy
                .SetIsOriginAllowed(origin => allowed.Contains(origin) || (environment.IsDevelopment() && IsLoopback(origin)))
                .AllowAnyMethod()
                .AllowAnyHeader()
                .AllowCredentials()
                .WithExposedHeaders(Exposed)
                .SetPreflightMaxAge(TimeSpan.FromHours(1)));
        });
        return services;
    }

    public static IApplicationBuilder UseCrossOrigin(this IApplicationBuilder app) => app.UseCors().Use(next => context =>
    {
        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });

    private static bool IsLoopback(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var address) && address.IsLoopback;
}
