using System.Text.Json.Serialization;
using JanServer.ServiceDefaults.Discovery;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Health;
using JanServer.ServiceDefaults.Json;
using JanServer.ServiceDefaults.OpenApi;
using JanServer.ServiceDefaults.Requests;
using JanServer.ServiceDefaults.Shutdown;
using JanServer.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace JanServer.ServiceDefaults;

/// <summary>How a host of JanServer behaves. A host calls these three and then maps its features.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Registers what every host has: errors, JSON, request ids, health, telemetry, discovery, resilience.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="json">The contexts of all types that the host's endpoints read and write; nothing else is serialized.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, params JsonSerializerContext[] json)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.AddGracefulShutdown();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServiceName>();
        services.AddJsonContexts(json);
        services.AddSingleton<IProblemDetailsWriter, ErrorWriter>();
        services.AddProblemDetails();
        services.AddHealthDefaults();
        services.AddServiceDiscovery();
        services.AddOpenApiDefaults();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return builder;
    }

    /// <summary>The middleware of every host, in order: request ids, exceptions, status pages, authentication, authorization.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseRequestIds();
        app.UseRequestSpans();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,

            // A client's typo is not our error log.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages();
        app.UseRouting();
        if (app.Services.GetService<IAuthenticationSchemeProvider>() is not null)
        {
            app.UseAuthentication();
            app.UseAuthorization();
        }

        return app;
    }

    /// <summary>Maps what every host answers: health and the OpenAPI document; any unknown route is a 404 in our envelope.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealth();
        app.MapOpenApiDocument();
        return app;
    }
}
