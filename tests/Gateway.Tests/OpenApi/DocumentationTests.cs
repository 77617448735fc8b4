using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanServer.Testing;

namespace JanServer.Gateway.Tests.OpenApi;

public sealed partial class DocumentationTests
{
    [Fact]
    public async Task One_document_holds_what_the_services_say()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        gateway.LlmApi.Always("/openapi/v1.json", exchange => exchange.JsonAsync("""{"paths":{"/v1/models":{"get":{}},"/readyz":{}}}"""));
        gateway.Accounts.Always("/openapi/v1.json", exchange => exchange.JsonAsync("""{"paths":{"/auth/me":{"get":{}},"/internal/x":{}}}"""));
        using var client = gateway.Anonymous();

        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/swagger/doc.json", UriKind.Relative)).Soon())!;

        Assert.Equal(["/v1/models", "/auth/me"], ((JsonObject)document["paths"]!).Select(path => path.Key));
        Assert.Equal("3.1.1", document["openapi"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_service_that_is_down_takes_only_its_own_part_away()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        gateway.LlmApi.Always("/openapi/v1.json", exchange => exchange.ErrorAsync(500, "x", "y"));
        gateway.Accounts.Always("/openapi/v1.json", exchange => exchange.JsonAsync("""{"paths":{"/auth/me":{"get":{}}}}"""));
        using var client = gateway.Anonymous();

        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/swagger/doc.json", UriKind.Relative)).Soon())!;

        Assert.Equal(["/auth/me"], ((JsonObject)document["paths"]!).Select(path => path.Key));
    }

    [Fact]
    public async Task The_page_loads_within_its_own_security_policy()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        using var client = gateway.Anonymous();

        using var page = await client.GetAsync(new Uri("/api/swagger", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var location = page.RequestMessage!.RequestUri!;
        Assert.Equal("/api/swagger/index.html", location.AbsolutePath);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("script-src 'self'", page.HeaderOrNull("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Empty(InlineScript().Matches(html));
        var assets = Asset().Matches(html).Select(match => new Uri(location, match.Groups[1].Value)).ToList();
        Assert.NotEmpty(assets);
        foreach (var asset in assets)
        {
            using var answer = await client.GetAsync(asset).Soon();
            Assert.True(answer.StatusCode == HttpStatusCode.OK, asset.AbsolutePath);
        }

        Assert.Contains("/api/swagger/doc.json", await client.GetStringAsync(new Uri(location, "index.js")), StringComparison.Ordinal);
    }

    [GeneratedRegex("""<(?:script|link)[^>]+(?:src|href)="([^"]+)"[^>]*>""")]
    private static partial Regex Asset();

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)[^>]*>|\son\w+=")]
    private static partial Regex InlineScript();
}
