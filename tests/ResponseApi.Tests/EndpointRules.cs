using JanServer.ResponseApi.Tests.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ResponseApi.Tests;

public sealed class EndpointRules(ResponseService service) : IClassFixture<ResponseService>
{
    [Fact]
    public void Only_health_and_the_description_are_anonymous() => Assert.Equal(
        ["/healthz", "/openapi/{documentName}.json", "/readyz"],
        Endpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_endpoint_has_a_name_and_a_summary()
    {
        var ours = Endpoints().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)).ToList();
        Assert.Equal(17, ours.Count);
        Assert.All(ours, endpoint =>
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>());
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>());
            Assert.NotNull(endpoint.RequestDelegate);
        });
    }

    [Fact]
    public async Task The_document_describes_every_route()
    {
        using var client = service.Anonymous();

        var document = await client.AskAsync("/openapi/v1.json").JsonAsync();

        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Where(path => path.StartsWith("/v1/", StringComparison.Ordinal));
        Assert.Equal(12, paths.Count());
    }

    private IEnumerable<RouteEndpoint> Endpoints()
    {
        using var started = service.Anonymous();
        return service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
    }
}
