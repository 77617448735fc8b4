using JanServer.McpTools.Tests.External.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.McpTools.Tests.External;

public sealed class ExternalRules(ExternalService service) : IClassFixture<ExternalService>
{
    [Fact]
    public void Only_the_pages_of_a_sign_in_are_anonymous() => Assert.Equal(
        ["/v1/mcp/oauth/callback", "/v1/mcp/oauth/start", "/v1/mcp/oauth/start"],
        Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(Path).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_endpoint_has_a_name_and_a_summary()
    {
        var ours = Endpoints().ToList();
        Assert.Equal(26, ours.Count);
        Assert.All(ours, endpoint =>
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>());
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>());
            Assert.NotNull(endpoint.RequestDelegate);
        });
    }

    [Fact]
    public async Task The_document_describes_every_route_but_the_pages()
    {
        using var client = service.Anonymous();

        var document = await client.SendAsync("GET", "/openapi/v1.json").JsonAsync();

        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Where(path => path.Contains("/mcp/", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(paths, path => path.Contains("oauth", StringComparison.Ordinal));
        Assert.Contains("/v1/mcp/servers/{id}/authorize", paths);
        Assert.Contains("/v1/admin/mcp/servers/{id}/tools/{tool}", paths);
    }

    private IEnumerable<RouteEndpoint> Endpoints()
    {
        using var started = service.Anonymous();
        return service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => Path(endpoint).StartsWith("/v1/mcp/servers", StringComparison.Ordinal)
                || Path(endpoint).StartsWith("/v1/mcp/oauth", StringComparison.Ordinal)
                || Path(endpoint).StartsWith("/v1/admin/mcp/servers", StringComparison.Ordinal));
    }

    private static string Path(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!;
}
