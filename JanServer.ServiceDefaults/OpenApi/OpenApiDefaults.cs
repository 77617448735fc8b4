using JanServer.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace JanServer.ServiceDefaults.OpenApi;

/// <summary>Each host describes its endpoints at <c>/openapi/v1.json</c>; the gateway merges the documents of all services.</summary>
internal static class OpenApiDefaults
{
    /// <summary>The scheme of both kinds of credentials: access tokens and API keys.</summary>
    public const string Bearer = "bearer";

    public static IServiceCollection AddOpenApiDefaults(this IServiceCollection services)
    {
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer(DescribeHost);
            options.AddOperationTransformer<OperationErrors>();
        });
        return services;
    }

    public static IEndpointRouteBuilder MapOpenApiDocument(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi().AllowAnonymous().DisableHttpMetrics();
        return endpoints;
    }

    private static Task DescribeHost(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new() { Title = context.ApplicationServices.GetRequiredService<ServiceName>().Value, Version = "v1" };

        // The address a client must use is the gateway's, which this host does not know.
        document.Servers?.Clear();
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An access token of the identity provider, or an API key (sk_…).",
        };
        return Task.CompletedTask;
    }
}
