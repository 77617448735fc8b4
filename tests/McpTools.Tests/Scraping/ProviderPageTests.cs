using System.Text.Json.Nodes;

namespace JanServer.McpTools.Tests.Scraping;

/// <summary>Pages that companies read for us.</summary>
public sealed class ProviderPageTests
{
    private const string Page = """{"url":"https://public.example/page?x=1","include_markdown":true}""";
    private const string Long = "This is a text that is long enough to be taken for a page by everybody.";

    private static readonly (string, string)[] Companies =
    [
        ("SERPER_API_KEY", "serper-secret"), ("EXA_API_KEY", "exa-secret"), ("TAVILY_API_KEY", "tavily-secret"), ("Providers:Retries", "0"), ("Scraping:ObeyRobots", "false"),
    ];

    [Fact]
    public async Task Serper_is_asked_first()
    {
        await using var host = await SiteHost.StartAsync(SiteHost.PublicOnce(), Companies);
        host.Upstream.Next("/serper/scrape", exchange => exchange.JsonAsync(
            $$"""{"text":"{{Long}}","markdown":"# Title\n\n{{Long}}","metadata":{"title":"Title","og:site_name":"Site","description":"D"},"credits":2}"""));

        var answer = await host.AnswerAsync("scrape", Page);

        var request = Assert.Single(host.Upstream.Requests);
        Assert.Equal("serper-secret", request.Header("X-API-KEY"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"url":"https://public.example/page?x=1","includeMarkdown":true}"""), request.Json), request.Text);
        Assert.Equal(Long, answer.GetProperty("text").GetString());
        Assert.Equal($"# Title\n\n{Long}", answer.GetProperty("markdown").GetString());
        Assert.Equal("Title", answer.GetProperty("metadata").GetProperty("title").GetString());
        Assert.Equal("serper", answer.GetProperty("metadata").GetProperty("engine").GetString());
    }

    [Fact]
    public async Task Exa_and_then_Tavily_are_asked_when_those_before_have_nothing()
    {
        await using var host = await SiteHost.StartAsync(SiteHost.PublicOnce(), Companies);
        host.Upstream.Next("/serper/scrape", exchange => exchange.JsonAsync("""{"text":"Too short."}"""));
        host.Upstream.Next("/exa/contents", exchange => exchange.JsonAsync(
            """{"requestId":"r","results":[],"statuses":[{"id":"https://public.example/page?x=1","status":"error","error":{"tag":"CRAWL_NOT_FOUND","httpStatusCode":404}}]}"""));
        host.Upstream.Next("/tavily/extract", exchange => exchange.JsonAsync(
            $$"""{"results":[{"url":"https://public.example/page?x=1","raw_content":"# Title\n\n{{Long}}","images":[]}],"failed_results":[],"response_time":0.1}"""));

        var answer = await host.AnswerAsync("scrape", Page);

        Assert.Equal(["/serper/scrape", "/exa/contents", "/tavily/extract"], host.Paths);
        var requests = host.Upstream.Requests.ToList();
        Assert.Equal("exa-secret", requests[1].Header("x-api-key"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"urls":["https://public.example/page?x=1"],"text":true}"""), requests[1].Json), requests[1].Text);
        Assert.Equal("Bearer tavily-secret", requests[2].Header("Authorization"));
        var expected = JsonNode.Parse("""{"urls":["https://public.example/page?x=1"],"extract_depth":"basic","format":"markdown","include_images":false}""");
        Assert.True(JsonNode.DeepEquals(expected, requests[2].Json), requests[2].Text);
        Assert.Equal("tavily", answer.GetProperty("metadata").GetProperty("engine").GetString());
        Assert.StartsWith("# Title", answer.GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, answer.GetProperty("metadata").GetProperty("providers_tried").GetArrayLength());
    }

    [Fact]
    public async Task When_nobody_can_read_it_everybody_is_listed_without_secrets()
    {
        await using var host = await SiteHost.StartAsync(SiteHost.PublicOnce(), Companies);
        host.Upstream.Next("/serper/scrape", exchange => exchange.JsonAsync("""{"message":"serper-secret"}""", 401));
        host.Upstream.Next("/exa/contents", exchange => exchange.JsonAsync("""{"results":[]}"""));
        host.Upstream.Next("/tavily/extract", exchange => exchange.JsonAsync("""{"results":[],"failed_results":[{"url":"x","error":"tavily-secret"}]}"""));

        var error = await host.ErrorAsync("scrape", Page);

        Assert.Contains("serper refused our key", error, StringComparison.Ordinal);
        Assert.Contains("exa read nothing there", error, StringComparison.Ordinal);
        Assert.Contains("tavily read nothing there", error, StringComparison.Ordinal);
        Assert.Contains("the page is at a host that is unknown or may not be reached", error, StringComparison.Ordinal);
        Assert.Equal(["0/4 Asking serper", "1/4 Asking exa", "2/4 Asking tavily", "3/4 Reading the page"], host.Progress.Said);
        Assert.DoesNotContain("secret", error + string.Join('\n', host.Logs), StringComparison.Ordinal);
        Assert.DoesNotContain("x=1", string.Join('\n', host.Logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Companies_ask_for_a_robots_file_that_we_cannot_have()
    {
        await using var host = await SiteHost.StartAsync(SiteHost.PublicOnce(), [.. Companies.Where(setting => setting.Item1 != "Scraping:ObeyRobots")]);
        host.Upstream.Next("/serper/scrape", exchange => exchange.JsonAsync($$"""{"text":"{{Long}}"}"""));

        Assert.Equal(Long, (await host.AnswerAsync("scrape", Page)).GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_a_robots_file_forbids_is_not_asked_of_companies_either()
    {
        await using var host = await SiteHost.StartAsync(
            SiteHost.PublicOnce(), [.. Companies.Where(setting => setting.Item1 != "Scraping:ObeyRobots"), ("Outbound:AllowedNetworks:0", "127.0.0.1/32")]);
        host.Upstream.Always("/robots.txt", exchange => exchange.AnswerAsync("User-agent: *\nDisallow: /page", "text/plain"));

        var error = await host.ErrorAsync("scrape", $$"""{"url":"{{host.Url("/page", "public.example")}}"}""");

        Assert.Contains("robots.txt", error, StringComparison.Ordinal);
        Assert.Equal(["/robots.txt"], host.Paths);
    }

    [Fact]
    public async Task The_order_can_be_set_to_ask_nobody_else()
    {
        await using var host = await SiteHost.StartAsync([.. Companies, ("Scraping:Order:0", "direct")]);
        host.Upstream.Next("/p", exchange => exchange.AnswerAsync("from here", "text/plain"));

        Assert.Equal("from here", (await host.AnswerAsync("scrape", host.Scrape("/p"))).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Without_any_source_it_says_what_to_set()
    {
        await using var host = await SiteHost.StartAsync(("Scraping:Order:0", "serper"));

        Assert.Contains("Scraping:Order", host.Tool("scrape").Unavailable, StringComparison.Ordinal);
    }
}
