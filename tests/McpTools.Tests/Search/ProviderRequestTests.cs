using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace JanServer.McpTools.Tests.Search;

/// <summary>What each provider is sent and how its answer is read.</summary>
public sealed class ProviderRequestTests
{
    private const string Everything =
        """{"q":"jan","num":5,"page":2,"gl":"US","hl":"en","location":"Berlin, Germany","tbs":"qdr:w","autocorrect":false,"domain_allow_list":["https://www.Example.com/path"],"domain_block_list":["bad.example"]}""";

    [Fact]
    public async Task Serper_gets_its_fields_and_its_results_are_read()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "serper-secret"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        var answer = await host.AnswerAsync("google_search", """{"q":"jan"}""");

        var request = Assert.Single(host.Upstream.Requests);
        Assert.Equal("serper-secret", request.Header("X-API-KEY"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"q":"jan","autocorrect":true}"""), request.Json), request.Text);
        Assert.Equal("serper", answer.GetProperty("engine").GetString());
        Assert.True(answer.GetProperty("live").GetBoolean());
        Assert.Equal("live", answer.GetProperty("cache_status").GetString());
        Assert.Equal("jan", answer.GetProperty("query").GetString());
        Assert.Equal("Jan is a month.", answer.GetProperty("metadata").GetProperty("answer").GetString());
        Assert.Equal(["https://example.com/january", "https://jan.ai/"], answer.GetProperty("citations").EnumerateArray().Select(url => url.GetString()));
        var first = answer.GetProperty("results")[0];
        Assert.Equal(1, first.GetProperty("position").GetInt32());
        Assert.Equal("January", first.GetProperty("title").GetString());
        Assert.Equal("The first month.", first.GetProperty("snippet").GetString());
        Assert.Equal("Jan 1, 2026", first.GetProperty("published_date").GetString());
        Assert.Equal(host.Clock.GetUtcNow(), first.GetProperty("fetched_at").GetDateTimeOffset());
        Assert.False(answer.TryGetProperty("raw", out _));
    }

    [Fact]
    public async Task Serper_gets_every_argument_and_the_domains_as_operators()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        var answer = await host.AnswerAsync("google_search", Everything);

        var expected = JsonNode.Parse(
            """{"q":"(jan) (site:example.com) -site:bad.example","autocorrect":false,"gl":"us","hl":"en","location":"Berlin, Germany","tbs":"qdr:w","num":5,"page":2}""");
        Assert.True(JsonNode.DeepEquals(expected, Assert.Single(host.Upstream.Requests).Json));
        Assert.Equal(6, answer.GetProperty("results")[0].GetProperty("position").GetInt32());
        Assert.Equal("example.com", answer.GetProperty("metadata").GetProperty("domain_allow_list")[0].GetString());
    }

    [Fact]
    public async Task Tavily_gets_a_bearer_key_and_domains_as_fields()
    {
        await using var host = await ToolHost.StartAsync(("TAVILY_API_KEY", "tvly-secret"));
        host.Upstream.Next("/tavily/search", exchange => exchange.JsonAsync(ProviderShapes.Tavily));

        var answer = await host.AnswerAsync("google_search", """{"q":"jan","num":5,"tbs":"qdr:w","domain_allow_list":["example.com"],"domain_block_list":["bad.example"]}""");

        var request = Assert.Single(host.Upstream.Requests);
        Assert.Equal("Bearer tvly-secret", request.Header("Authorization"));
        var expected = JsonNode.Parse(
            """{"query":"jan","search_depth":"basic","topic":"general","max_results":5,"include_answer":false,"include_raw_content":false,"include_domains":["example.com"],"exclude_domains":["bad.example"],"time_range":"week"}""");
        Assert.True(JsonNode.DeepEquals(expected, request.Json), request.Text);
        Assert.Equal("The first month.", Assert.Single(answer.GetProperty("results").EnumerateArray()).GetProperty("snippet").GetString());
    }

    [Fact]
    public async Task Exa_gets_camel_case_fields_and_no_operators()
    {
        await using var host = await ToolHost.StartAsync(("EXA_API_KEY", "exa-secret"));
        host.Upstream.Next("/exa/search", exchange => exchange.JsonAsync(ProviderShapes.Exa));

        var answer = await host.AnswerAsync(
            "google_search", """{"q":"jan","num":5,"gl":"de","tbs":"qdr:d","domain_allow_list":["example.com","jan.ai"],"domain_block_list":["bad.example"]}""");

        var request = Assert.Single(host.Upstream.Requests);
        Assert.Equal("exa-secret", request.Header("x-api-key"));
        var expected = JsonNode.Parse(
            """{"query":"jan","type":"auto","numResults":5,"contents":{"text":{"maxCharacters":1000}},"includeDomains":["example.com","jan.ai"],"excludeDomains":["bad.example"],"userLocation":"DE","startPublishedDate":"2026-01-01T03:04:05.000Z"}""");
        Assert.True(JsonNode.DeepEquals(expected, request.Json), request.Text);
        Assert.Equal(["The first month.", "Runs … offline."], answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("snippet").GetString()));
        Assert.Equal("2026-01-01T00:00:00.000Z", answer.GetProperty("results")[0].GetProperty("published_date").GetString());
    }

    [Fact]
    public async Task SearXNG_gets_its_parameters_and_may_have_engines_that_are_down()
    {
        await using var host = await ToolHost.StartAsync(("services:searxng:http:0", "{url}/sx"));
        host.Upstream.Next("/sx/search", exchange => exchange.JsonAsync(ProviderShapes.Searxng));

        var answer = await host.AnswerAsync("google_search", """{"q":"jan & co","page":3,"gl":"br","hl":"pt","tbs":"qdr:h"}""");

        var query = QueryHelpers.ParseQuery(Assert.Single(host.Upstream.Requests).Path.Split('?')[1]);
        Assert.Equal("jan & co", query["q"]);
        Assert.Equal("json", query["format"]);
        Assert.Equal("3", query["pageno"]);
        Assert.Equal("pt-BR", query["language"]);
        Assert.Equal("day", query["time_range"]);
        Assert.False(query.ContainsKey("p"));
        Assert.Equal("searxng", answer.GetProperty("engine").GetString());
        Assert.Equal("A month.", answer.GetProperty("metadata").GetProperty("answer").GetString());
        Assert.Equal(2, answer.GetProperty("results").GetArrayLength());
        Assert.Equal(21, answer.GetProperty("results")[0].GetProperty("position").GetInt32());
        Assert.Equal("2026-01-01T00:00:00", answer.GetProperty("results")[0].GetProperty("published_date").GetString());
    }

    [Fact]
    public async Task SearXNG_without_engines_that_answer_has_failed_and_not_found_nothing()
    {
        await using var host = await ToolHost.StartAsync(("SEARXNG_URL", "{url}/sx/"));
        host.Upstream.Next("/sx/search", exchange => exchange.JsonAsync("""{"results":[],"unresponsive_engines":[["bing","HTTP error"]]}"""));
        host.Upstream.Next("/sx/search", exchange => exchange.JsonAsync("""{"results":[],"unresponsive_engines":[]}"""));

        Assert.Contains("no answer from its engines", await host.ErrorAsync("google_search", """{"q":"jan"}"""), StringComparison.Ordinal);

        // Neither was the failure kept, nor is an empty list one.
        var answer = await host.AnswerAsync("google_search", """{"q":"jan"}""");
        Assert.Equal(0, answer.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task SearXNG_that_gives_no_JSON_is_told_apart()
    {
        await using var host = await ToolHost.StartAsync(("SEARXNG_URL", "{url}/sx/"));
        host.Upstream.Next("/sx/search", exchange => exchange.AnswerAsync("Forbidden", "text/html", 403));

        Assert.Contains("search.formats", await host.ErrorAsync("google_search", """{"q":"jan"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TAVILY_API_KEY", "/tavily/search", "max_results", 20, ProviderShapes.Tavily)]
    [InlineData("EXA_API_KEY", "/exa/search", "numResults", 20, ProviderShapes.Exa)]
    public async Task Who_has_no_pages_is_asked_for_more_and_the_first_are_left_out(string key, string path, string field, int number, string shape)
    {
        await using var host = await ToolHost.StartAsync((key, "k"));
        host.Upstream.Always(path, exchange => exchange.JsonAsync(shape));

        // Two results are fewer than a page, so the second page is empty.
        var answer = await host.AnswerAsync("google_search", """{"q":"jan","num":10,"page":2}""");
        Assert.Equal(0, answer.GetProperty("results").GetArrayLength());
        Assert.Equal(number, Assert.Single(host.Upstream.Requests).Json[field]!.GetValue<int>());

        var second = await host.AnswerAsync("google_search", """{"q":"jan","num":1,"page":2}""");
        Assert.Equal("https://jan.ai/", second.GetProperty("citations")[0].GetString());
        Assert.Equal(2, second.GetProperty("results")[0].GetProperty("position").GetInt32());
    }

    [Fact]
    public async Task A_page_that_a_provider_does_not_have_is_an_error_and_not_its_first_page()
    {
        await using var host = await ToolHost.StartAsync(("TAVILY_API_KEY", "k"));

        Assert.Contains("no more than 20", await host.ErrorAsync("google_search", """{"q":"jan","page":9}"""), StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
    }

    [Fact]
    public async Task The_providers_own_answer_comes_when_asked_for_and_never_past_a_domain_list()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"));
        host.Upstream.Always("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        var raw = await host.AnswerAsync("google_search", """{"q":"jan","include_raw":true}""");
        Assert.True(raw.GetProperty("raw").TryGetProperty("peopleAlsoAsk", out _));

        var listed = await host.AnswerAsync("google_search", """{"q":"jan","include_raw":true,"domain_block_list":["jan.ai"]}""");
        Assert.DoesNotContain("jan.ai/", listed.GetRawText(), StringComparison.Ordinal);
    }
}
