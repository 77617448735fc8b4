using System.Net;
using JanServer.Testing;
using JanServer.Testing.Upstreams;

namespace JanServer.Gateway.Tests.Routing;

public sealed class McpServerRouteTests
{
    [Fact]
    public async Task Browsers_sign_in_to_servers_without_a_credential_and_with_one_cookie()
    {
        await using var tools = await FakeUpstream.StartAsync();
        var gateway = await GatewayFactory.NewAsync();
        await using var _ = gateway;
        gateway["services:mcp-tools:http:0"] = GatewayFactory.Root(tools);
        tools.Always("/v1/mcp/oauth/callback", exchange => exchange.JsonAsync("{}"));
        tools.Always("/v1/mcp/oauth/start", exchange => exchange.JsonAsync("{}"));
        tools.Always("/v1/mcp/servers", exchange => exchange.JsonAsync("{}"));
        using var anonymous = gateway.Anonymous();
        anonymous.DefaultRequestHeaders.Add("Cookie", "refresh_token=abc; jan_mcp_sign_in=one-two_3; more=x");

        using var callback = await anonymous.GetAsync(new Uri("/v1/mcp/oauth/callback?code=c&state=s", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, callback.StatusCode);
        var arrived = Assert.Single(tools.Requests);
        Assert.Equal("/v1/mcp/oauth/callback?code=c&state=s", arrived.Path);
        Assert.Equal("jan_mcp_sign_in=one-two_3", arrived.Header("Cookie"));
        Assert.Equal("service:gateway", Callers.Of(arrived)?.Subject);

        using var start = await anonymous.PostAsync(new Uri("/v1/mcp/oauth/start", UriKind.Relative), new FormUrlEncodedContent([new("ticket", "t")])).Soon();
        Assert.Equal(HttpStatusCode.OK, start.StatusCode);

        using var user = gateway.ClientWith(gateway.NewKey());
        user.DefaultRequestHeaders.Add("Cookie", "jan_mcp_sign_in=one");
        using var servers = await user.GetAsync(new Uri("/v1/mcp/servers", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, servers.StatusCode);
        Assert.Null(tools.Requests.Last().Header("Cookie"));
    }

    [Fact]
    public async Task Administration_of_servers_is_mcp_tools()
    {
        await using var tools = await FakeUpstream.StartAsync();
        var gateway = await GatewayFactory.NewAsync();
        await using var _ = gateway;
        gateway["services:mcp-tools:http:0"] = GatewayFactory.Root(tools);
        tools.Always("/v1/admin/mcp/servers", exchange => exchange.JsonAsync("{}"));
        gateway.LlmApi.Always("/v1/admin/mcp-tools", exchange => exchange.JsonAsync("{}"));
        using var user = gateway.ClientWith(gateway.NewKey());

        foreach (var path in new[] { "/v1/admin/mcp/servers", "/v1/admin/mcp-tools" })
        {
            using var answer = await user.GetAsync(new Uri(path, UriKind.Relative)).Soon();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal("/v1/admin/mcp/servers", Assert.Single(tools.Requests).Path);
        Assert.Contains(gateway.LlmApi.Requests, request => request.Path == "/v1/admin/mcp-tools");
    }
}
