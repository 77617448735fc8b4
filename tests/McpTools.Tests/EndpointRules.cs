using System.Text.Json.Nodes;
using JanServer.McpTools.Tests.Protocol;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.McpTools.Tests;

public sealed class EndpointRules(ProtocolService service) : IClassFixture<ProtocolService>
{
    [Fact]
    public void Only_health_the_description_and_where_to_sign_in_are_anonymous() => Assert.Equal(
        [
            "/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource/mcp",
            "/.well-known/oauth-protected-resource/v1/mcp",
            "/healthz",
            "/openapi/{documentName}.json",
            "/readyz",
            "/v1/mcp/oauth/callback",
            "/v1/mcp/oauth/start",
            "/v1/mcp/oauth/start",
        ],
        Endpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_endpoint_of_the_api_has_a_name_and_a_summary()
    {
        var ours = Endpoints().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)).ToList();
        Assert.True(ours.Count >= 3);
        Assert.All(ours, endpoint =>
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>());
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>());
            Assert.NotNull(endpoint.RequestDelegate);
        });
    }

    [Fact]
    public async Task The_document_describes_every_route_but_the_pages_of_a_sign_in()
    {
        using var client = service.Anonymous();

        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;

        var described = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"))
            .Where(operation => operation.Contains("/mcp", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        var there = Endpoints()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)
                && !endpoint.RoutePattern.RawText.Contains("/oauth/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/').Replace("{**", "{", StringComparison.Ordinal)}"))
            .Order(StringComparer.Ordinal);
        Assert.Equal(there, described);
    }

    private IEnumerable<RouteEndpoint> Endpoints()
    {
        using var started = service.Anonymous();
        return service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
    }
}
