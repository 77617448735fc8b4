using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Identity;
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
    public void Every_endpoint_has_a_name_a_summary_and_a_description()
    {
        var ours = Endpoints().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)).ToList();
        Assert.Equal(17, ours.Count);
        Assert.All(ours, endpoint =>
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>());
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>());
            Assert.NotNull(endpoint.Metadata.GetMetadata<IEndpointDescriptionMetadata>());
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

    [Fact]
    public async Task The_members_of_a_request_are_described_and_none_that_is_not_read()
    {
        using var anonymous = service.Anonymous();
        using var client = service.ClientFor(TestCallers.User());
        var document = await anonymous.AskAsync("/openapi/v1.json").JsonAsync();
        var schema = document.GetProperty("paths").GetProperty("/v1/responses").GetProperty("post").GetProperty("requestBody")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal(["model"], schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        var members = schema.GetProperty("properties").EnumerateObject().ToList();
        Assert.Equal(25, members.Count);
        foreach (var member in members)
        {
            var isFlag = member.Value.TryGetProperty("type", out var type) && type.GetString() == "boolean";
            var body = new Dictionary<string, object> { ["model"] = "m", ["input"] = "x", [member.Name] = isFlag ? "no" : true };
            await client.RespondAsync(body).ErrorAsync(System.Net.HttpStatusCode.BadRequest, member.Name);
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints()
    {
        using var started = service.Anonymous();
        return service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
    }
}
