using System.Net;
using JanServer.Testing;
using JanServer.Testing.Upstreams;

namespace JanServer.Gateway.Tests.Routing;

public sealed class ResponseRouteTests
{
    [Theory]
    [InlineData("/v1/responses", "/v1/responses")]
    [InlineData("/v1/responses/resp_1/input_items?limit=2", "/v1/responses/resp_1/input_items?limit=2")]
    [InlineData("/responses/v1/responses", "/v1/responses")]
    [InlineData("/v1/webhooks", "/v1/webhooks")]
    [InlineData("/v1/webhooks/wh_1/deliveries", "/v1/webhooks/wh_1/deliveries")]
    public async Task Responses_and_webhooks_are_response_apis(string path, string arrives)
    {
        await using var responses = await FakeUpstream.StartAsync();
        var gateway = await GatewayFactory.NewAsync();
        await using var _ = gateway;
        gateway["services:response-api:http:0"] = GatewayFactory.Root(responses);
        responses.Always(arrives.Split('?')[0], exchange => exchange.JsonAsync("{}"));
        using var anonymous = gateway.Anonymous();
        using var user = gateway.ClientWith(gateway.NewKey());

        using var refused = await anonymous.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var answer = await user.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(arrives, Assert.Single(responses.Requests).Path);
    }
}
