using System.Diagnostics;
using JanServer.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace JanServer.ServiceDefaults.Telemetry;

/// <summary>
/// Completes the server span that ASP.NET Core begins, which knows neither route nor status: attributes and name of OpenTelemetry's
/// HTTP conventions. Probes leave no span.
/// </summary>
internal static class RequestSpans
{
    public static IApplicationBuilder UseRequestSpans(this IApplicationBuilder app) => app.Use(next => context =>
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is not { Recorded: true })
        {
            return next(context);
        }

        if (IsProbe(context.Request.Path))
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.IsAllDataRequested = false;
            return next(context);
        }

        return DescribeAsync(next, context, span);
    });

    private static bool IsProbe(PathString path) => path == HealthDefaults.LivePath || path == HealthDefaults.ReadyPath;

    private static async Task DescribeAsync(RequestDelegate next, HttpContext context, Activity span)
    {
        span.SetTag(TelemetryNames.RequestId, context.TraceIdentifier);
        try
        {
            await next(context);
        }
        finally
        {
            var request = context.Request;
            var status = context.Response.StatusCode;
            span.SetTag("http.response.status_code", status);
            if (RouteOf(context) is { } route)
            {
                span.SetTag("http.route", route);
                span.DisplayName = $"{request.Method} {route}";
            }
            else
            {
                // The path of an unknown route is anybody's invention; a name must come from a small set.
                span.DisplayName = request.Method;
            }

            if (status >= StatusCodes.Status500InternalServerError)
            {
                span.SetStatus(ActivityStatusCode.Error);
                span.SetTag("error.type", context.Features.Get<IExceptionHandlerFeature>()?.Error.GetType().FullName ?? $"{status}");
            }
        }
    }

    private static string? RouteOf(HttpContext context)
    {
        // The exception handler takes the endpoint off the context and keeps it aside.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return (endpoint as RouteEndpoint)?.RoutePattern.RawText is { Length: > 0 } route
            ? route.StartsWith('/') ? route : "/" + route
            : null;
    }
}
