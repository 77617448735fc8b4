using System.Net;
using JanServer.Testing;

namespace JanServer.Gateway.Tests.Edge;

public sealed class HealthTests
{
    [Fact]
    public async Task The_gateway_is_ready_when_the_core_services_are()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        using var client = gateway.Anonymous();
        using var response = await client.GetAsync(new Uri("/readyz", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("accounts")]
    [InlineData("llm-api")]
    public async Task Without_a_core_service_it_lives_but_is_not_ready(string service)
    {
        await using var gateway = await GatewayFactory.NewAsync();
        gateway[$"services:{service}:http:0"] = $"http://127.0.0.1:{TestService.FreePort()}";
        using var client = gateway.Anonymous();

        using var ready = await client.GetAsync(new Uri("/readyz", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains(service, await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var alive = await client.GetAsync(new Uri("/healthz", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }
}
