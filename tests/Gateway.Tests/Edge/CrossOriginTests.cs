using System.Net;
using JanServer.Testing;

namespace JanServer.Gateway.Tests.Edge;

public sealed class CrossOriginTests(CrossOriginTests.Factory gateway) : IClassFixture<CrossOriginTests.Factory>
{
    private const string Listed = "https://chat.example.test";

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/auth/guest-login")]
    [InlineData("/nothing")]
    public async Task A_preflight_needs_no_credential(string path)
    {
        using var response = await PreflightAsync(Listed, path);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Listed, response.HeaderOrNull("Access-Control-Allow-Origin"));
        Assert.Equal("true", response.HeaderOrNull("Access-Control-Allow-Credentials"));
        Assert.Equal("3600", response.HeaderOrNull("Access-Control-Max-Age"));
        Assert.Contains("x-stainless-lang", response.HeaderOrNull("Access-Control-Allow-Headers"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example.test")]
    [InlineData("http://chat.example.test")]
    [InlineData("https://chat.example.test.evil.test")]
    [InlineData("http://localhost:3000")]
    [InlineData("null")]
    public async Task Other_origins_are_allowed_nothing(string origin)
    {
        using var preflight = await PreflightAsync(origin, "/v1/models");
        Assert.Null(preflight.HeaderOrNull("Access-Control-Allow-Origin"));

        using var answer = await GetAsync(origin);
        Assert.Null(answer.HeaderOrNull("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_page_can_read_errors_and_the_headers_it_needs()
    {
        using var response = await GetAsync(Listed);

        await response.ErrorAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(Listed, response.HeaderOrNull("Access-Control-Allow-Origin"));
        var exposed = response.HeaderOrNull("Access-Control-Expose-Headers")!.Split(',');
        Assert.Contains("X-Request-Id", exposed);
        Assert.Contains("RateLimit-Remaining", exposed);
        Assert.Contains("Mcp-Session-Id", exposed);
    }

    [Fact]
    public async Task Options_without_an_origin_is_answered_too()
    {
        using var client = gateway.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/models");
        using var response = await client.SendAsync(request).Soon();
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string origin)
    {
        using var client = gateway.Anonymous();
        client.DefaultRequestHeaders.Add("Origin", origin);
        return await client.GetAsync(new Uri("/v1/models", UriKind.Relative)).Soon();
    }

    private async Task<HttpResponseMessage> PreflightAsync(string origin, string path)
    {
        using var client = gateway.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang");
        return await client.SendAsync(request).Soon();
    }

    public sealed class Factory : GatewayFactory
    {
        public override Task InitializeAsync()
        {
            this["Gateway:CorsOrigins:0"] = Listed + "/";
            return base.InitializeAsync();
        }
    }
}
