using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanServer.ServiceDefaults.Health;

/// <summary>
/// The two probes of every host. <c>/healthz</c> says that the process answers and is what restarts it; <c>/readyz</c> says that its
/// dependencies do too and is what routes requests to it.
/// </summary>
public static class HealthDefaults
{
    /// <summary>The tag of checks that decide about readiness.</summary>
    public const string ReadyTag = "ready";

    /// <summary>The path of the liveness probe.</summary>
    public const string LivePath = "/healthz";

    /// <summary>The path of the readiness probe.</summary>
    public const string ReadyPath = "/readyz";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>How long a check may take unless its registration says otherwise.</summary>
    internal static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    internal static IServiceCollection AddHealthDefaults(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.TryAddSingleton<Readiness>();
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
            {
                check.Timeout = CheckTimeout;
            }
        });
        return services;
    }

    internal static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, LivePath, context => HealthReportWriter.WriteAliveAsync(context.Response));
        Map(endpoints, ReadyPath, ReadyAsync);
        return endpoints;
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, RequestDelegate handler) =>
        endpoints.MapMethods(path, Methods, handler).AllowAnonymous().DisableHttpMetrics().ExcludeFromDescription();

    private static async Task ReadyAsync(HttpContext context)
    {
        var readiness = context.RequestServices.GetRequiredService<Readiness>();
        if (readiness.IsStopping)
        {
            await HealthReportWriter.WriteNotReadyAsync(context.Response, "stopping");
            return;
        }

        try
        {
            await HealthReportWriter.WriteAsync(context.Response, await readiness.CheckAsync(context.RequestAborted));
        }
        catch (TimeoutException)
        {
            await HealthReportWriter.WriteNotReadyAsync(context.Response, "unhealthy");
        }
    }
}
