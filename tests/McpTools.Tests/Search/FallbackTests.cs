using System.Text.Json;

namespace JanServer.McpTools.Tests.Search;

/// <summary>Who is asked after whom, and what is said when nobody answers.</summary>
public sealed class FallbackTests
{
    private const string Jan = """{"q":"jan"}""";

    private static readonly (string, string)[] Everybody =
    [
        ("SERPER_API_KEY", "serper-secret"), ("TAVILY_API_KEY", "tavily-secret"), ("EXA_API_KEY", "exa-secret"), ("SEARXNG_URL", "{url}/sx"), ("Providers:Retries", "0"),
    ];

    [Fact]
    public async Task The_next_provider_answers_for_one_that_fails()
    {
        await using var host = await ToolHost.StartAsync(Everybody);
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync("""{"message":"Unauthorized."}""", 403));
        host.Upstream.Next("/tavily/search", exchange => exchange.AnswerAsync("<html>", "text/html"));
        host.Upstream.Next("/exa/search", exchange => exchange.JsonAsync(ProviderShapes.Exa));

        var answer = await host.AnswerAsync("google_search", Jan);

        Assert.Equal(["/serper/search", "/tavily/search", "/exa/search"], host.Paths);
        Assert.Equal("exa", answer.GetProperty("engine").GetString());
        Assert.Equal(["serper", "tavily"], Tried(answer));
        Assert.Equal(["0/4 Asking serper", "1/4 Asking tavily", "2/4 Asking exa"], host.Progress.Said);
    }

    [Fact]
    public async Task The_engine_of_the_settings_is_asked_first()
    {
        await using var host = await ToolHost.StartAsync([.. Everybody, ("MCP_SEARCH_ENGINE", "searxng")]);
        host.Upstream.Next("/sx/search", exchange => exchange.JsonAsync(ProviderShapes.Searxng));

        Assert.Equal("searxng", (await host.AnswerAsync("google_search", Jan)).GetProperty("engine").GetString());
    }

    [Fact]
    public async Task The_order_can_be_set_and_a_provider_switched_off()
    {
        await using var host = await ToolHost.StartAsync([.. Everybody, ("Search:Order:0", "exa"), ("Search:Order:1", "tavily"), ("EXA_ENABLED", "false")]);
        host.Upstream.Next("/tavily/search", exchange => exchange.JsonAsync(ProviderShapes.Tavily));

        Assert.Equal("tavily", (await host.AnswerAsync("google_search", Jan)).GetProperty("engine").GetString());
    }

    [Fact]
    public async Task A_provider_that_nobody_knows_stops_the_start()
    {
        await using var host = await ToolHost.StartAsync([.. Everybody, ("Search:Engine", "gogle")]);

        Assert.Contains("gogle", Assert.ThrowsAny<Exception>(() => host.Tool("google_search")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Providers:Serper:SearchUrl", "google.serper.dev/search")]
    [InlineData("Providers:Exa:ScrapeUrl", "ftp://exa.example/")]
    [InlineData("Providers:Searxng:Url", "file:///etc")]
    [InlineData("Providers:Tavily:TimeoutSeconds", "0")]
    public async Task A_setting_that_cannot_work_stops_the_start(string key, string value)
    {
        await using var host = await ToolHost.StartAsync([.. Everybody, (key, value)]);

        var said = Assert.ThrowsAny<Exception>(() => host.Tool("google_search")).Message;
        Assert.Contains(key.Split(':')[^1], said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_provider_it_says_what_to_set()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", " "), ("TAVILY_API_KEY", "k"), ("TAVILY_ENABLED", "false"));

        var why = host.Tool("google_search").Unavailable;

        Assert.Contains("SERPER_API_KEY", why, StringComparison.Ordinal);
        Assert.Contains("SEARXNG_URL", why, StringComparison.Ordinal);
        Assert.Null(host.Tool("scrape").Unavailable);
    }

    [Fact]
    public async Task When_nobody_answers_everybody_is_listed_with_a_reason_and_without_secrets()
    {
        await using var host = await ToolHost.StartAsync(Everybody);
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync("""{"message":"bad key serper-secret"}""", 401));
        host.Upstream.Next("/tavily/search", exchange => exchange.JsonAsync("""{"detail":{"error":"tavily-secret is over its plan"}}""", 432));
        host.Upstream.Next("/exa/search", exchange =>
        {
            exchange.Abort();
            return Task.CompletedTask;
        });
        host.Upstream.Next("/sx/search", exchange => exchange.AnswerAsync("exa-secret", "text/plain", 500));

        var error = await host.ErrorAsync("google_search", """{"q":"a very private question"}""");

        Assert.Contains("serper refused our key or its plan (status 401)", error, StringComparison.Ordinal);
        Assert.Contains("tavily refused our key or its plan (status 432)", error, StringComparison.Ordinal);
        Assert.Contains("exa could not be reached", error, StringComparison.Ordinal);
        Assert.Contains("searxng failed (status 500)", error, StringComparison.Ordinal);
        var said = error + string.Join('\n', host.Logs);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain("private question", said, StringComparison.Ordinal);
        Assert.NotEmpty(host.Logs);
    }

    [Fact]
    public async Task Finding_nothing_is_an_answer_when_nobody_finds_more()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"), ("TAVILY_API_KEY", "k"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync("""{"organic":[]}"""));
        host.Upstream.Next("/tavily/search", exchange => exchange.JsonAsync("""{"results":[]}"""));

        var answer = await host.AnswerAsync("google_search", Jan);

        Assert.Equal("serper", answer.GetProperty("engine").GetString());
        Assert.Equal(0, answer.GetProperty("results").GetArrayLength());
        Assert.Equal(["serper", "tavily"], Tried(answer));
    }

    [Fact]
    public async Task Results_outside_of_the_lists_are_left_out_whatever_the_engine_thinks()
    {
        await using var host = await ToolHost.StartAsync(
            ("SERPER_API_KEY", "k"), ("SERPER_DOMAIN_FILTER", "example.org # ours,Example.com"), ("Search:DomainBlockList:0", "private.example.com"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.SerperOf(
            "https://example.com/a", "https://notexample.com/b", "https://docs.example.org/c", "https://private.example.com/d", "ftp://example.com/e", "https://example.com.evil.example/")));

        var answer = await host.AnswerAsync("google_search", Jan);

        Assert.Equal(["https://example.com/a", "https://docs.example.org/c"], answer.GetProperty("citations").EnumerateArray().Select(url => url.GetString()));
    }

    [Fact]
    public async Task Long_snippets_are_cut()
    {
        await using var host = await ToolHost.StartAsync(("TAVILY_API_KEY", "k"), ("MCP_MAX_SNIPPET_CHARS", "50"));
        host.Upstream.Next("/tavily/search", exchange => exchange.JsonAsync($$"""{"results":[{"title":"t","url":"https://a.example/","content":"{{new string('x', 49)}}😀y"}]}"""));

        var snippet = (await host.AnswerAsync("google_search", Jan)).GetProperty("results")[0].GetProperty("snippet").GetString();

        Assert.Equal(new string('x', 49) + "…", snippet);
    }

    private static IEnumerable<string?> Tried(JsonElement answer) =>
        answer.GetProperty("metadata").GetProperty("providers_tried").EnumerateArray().Select(entry => entry.GetProperty("provider").GetString());
}
