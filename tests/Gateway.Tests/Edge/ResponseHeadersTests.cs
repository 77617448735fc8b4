using System.Net;
using JanServer.Testing;

namespace JanServer.Gateway.Tests.Edge;

public sealed class ResponseHeadersTests(GatewayFactory gateway) : IClassFixture<GatewayFactory>
{
    [Theory]
    [InlineData("/v1/models", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/healthz", HttpStatusCode.OK)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    [InlineData("/auth/me", HttpStatusCode.OK)]
    public async Task Every_answer_is_safe_in_a_browser_and_says_nothing_of_the_software(string path, HttpStatusCode status)
    {
        gateway.LlmApi.Always("/v1/models", exchange =>
        {
            exchange.Header("Server", "Upstream/1.0");
            exchange.Header("X-Powered-By", "Something");
            return exchange.JsonAsync("{}");
        });
        gateway.Accounts.Always("/auth/me", exchange => exchange.JsonAsync("{}"));
        using var client = gateway.ClientWith(gateway.NewKey());
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Soon();

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("nosniff", response.HeaderOrNull("X-Content-Type-Options"));
        Assert.Equal("DENY", response.HeaderOrNull("X-Frame-Options"));
        Assert.Equal("no-referrer", response.HeaderOrNull("Referrer-Policy"));
        Assert.Contains("frame-ancestors 'none'", response.HeaderOrNull("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.NotNull(response.HeaderOrNull("X-Request-Id"));
        Assert.Null(response.HeaderOrNull("Server"));
        Assert.Null(response.HeaderOrNull("X-Powered-By"));
    }

    [Fact]
    public async Task The_front_page_leads_people_and_programs_on()
    {
        using var client = gateway.Anonymous();
        Assert.Contains("\"documentation\":\"/api/swagger\"", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        Assert.Contains("<a href=\"/api/swagger\">", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }
}
