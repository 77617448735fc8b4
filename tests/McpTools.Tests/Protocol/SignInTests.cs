using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.McpTools.Tests.Protocol;

public sealed class SignInTests(ProtocolService service) : IClassFixture<ProtocolService>
{
    [Theory]
    [InlineData("", "https://jan.example.test/mcp")]
    [InlineData("/mcp", "https://jan.example.test/mcp")]
    [InlineData("/v1/mcp", "https://jan.example.test/v1/mcp")]
    public async Task The_metadata_say_who_signs_users_in(string suffix, string resource)
    {
        using var client = service.Anonymous();

        var metadata = (await client.GetFromJsonAsync<JsonNode>(new Uri($"/.well-known/oauth-protected-resource{suffix}", UriKind.Relative)).Soon())!;

        Assert.Equal(resource, (string)metadata["resource"]!);
        Assert.Equal((await TestIssuer.GetAsync()).Issuer, (string)metadata["authorization_servers"]![0]!);
        Assert.Equal(["openid", "profile", "email"], metadata["scopes_supported"]!.AsArray().Select(scope => (string)scope!));
        Assert.Equal(["header"], metadata["bearer_methods_supported"]!.AsArray().Select(way => (string)way!));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task A_request_without_a_credential_is_told_where_to_sign_in(string method)
    {
        using var client = service.Anonymous();
        using var request = new HttpRequestMessage(new(method), new Uri("/v1/mcp", UriKind.Relative));

        using var answer = await client.SendAsync(request).Soon();

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(
            "Bearer resource_metadata=\"https://jan.example.test/.well-known/oauth-protected-resource/v1/mcp\"",
            Assert.Single(answer.Headers.GetValues("WWW-Authenticate")));
    }

    [Fact]
    public async Task A_token_that_has_expired_is_called_invalid()
    {
        var issuer = await TestIssuer.GetAsync();
        using var expired = new McpClient(service.ClientWith(issuer.Mint(new() { Lifetime = TimeSpan.FromHours(-1) })));

        using var refused = await expired.PostAsync(expired.Request("tools/list"));

        Assert.StartsWith("Bearer error=\"invalid_token\", ", Assert.Single(refused.Headers.GetValues("WWW-Authenticate")), StringComparison.Ordinal);
    }
}
