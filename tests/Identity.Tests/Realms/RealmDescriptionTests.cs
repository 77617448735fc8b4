using System.Net;
using System.Text.Json;

namespace JanServer.Identity.Tests.Realms;

public sealed class RealmDescriptionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_forged_host_header_changes_no_address()
    {
        using var http = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/realms/jan/.well-known/openid-configuration");
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");

        using var answer = await http.SendAsync(request);

        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        var document = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(IdentityHost.Issuer, document.GetProperty("issuer").GetString());
        Assert.Equal(IdentityHost.Issuer + "/protocol/openid-connect/auth", document.GetProperty("authorization_endpoint").GetString());
    }

    [Fact]
    public async Task An_unknown_realm_is_not_found()
    {
        using var http = host.Client();

        using var answer = await http.GetAsync("/realms/other/.well-known/openid-configuration");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("Realm does not exist", (await IdentityHost.JsonAsync(answer)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("http://localhost:3000", true)]
    [InlineData("https://evil.example", false)]
    public async Task Only_the_pages_of_registered_clients_may_call(string origin, bool allowed)
    {
        using var http = host.Client();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/realms/jan/protocol/openid-connect/token");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type");

        using var answer = await http.SendAsync(preflight);

        Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Single() == origin);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }
}
