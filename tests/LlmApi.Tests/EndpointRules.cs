using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.LlmApi.Tests;

public class EndpointRules(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private IEnumerable<RouteEndpoint> Endpoints()
    {
        using var started = api.Anonymous();
        return api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
    }

    [Fact]
    public void Only_health_the_description_and_shares_are_anonymous() => Assert.Equal(
        ["/healthz", "/openapi/{documentName}.json", "/readyz", "/v1/public/shares/{slug}", "/v1/public/shares/{slug}"],
        Endpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_endpoint_below_v1_has_a_name_a_summary_and_a_policy()
    {
        var ours = Endpoints().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(ours);
        Assert.All(ours, endpoint =>
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>());
            Assert.NotNull(endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IEndpointSummaryMetadata>());
            Assert.NotNull(endpoint.Metadata.GetMetadata<AuthorizationPolicy>()
                ?? endpoint.Metadata.GetMetadata<IAuthorizeData>() ?? (object?)endpoint.Metadata.GetMetadata<IAllowAnonymous>());
            Assert.NotNull(endpoint.RequestDelegate);
        });
    }

    [Fact]
    public async Task Every_endpoint_can_be_described()
    {
        using var client = api.Anonymous();
        using var response = await client.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var described = JsonNode.Parse(text)!["paths"]!.AsObject().Select(path => path.Key).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("/v1/chat/completions", described);
        Assert.Contains("/v1/conversations/{id}/items/{item}/edit", described);
    }
}
