namespace JanServer.McpTools.Tests.Search;

/// <summary>What is tried again, how long it may take, and who is left alone.</summary>
public sealed class ResilienceTests
{
    private const string Jan = """{"q":"jan"}""";

    [Fact]
    public async Task What_fails_in_passing_is_tried_again()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"));
        var (listener, heard) = host.Counter("jan.mcp.external_provider.requests");
        using (listener)
        {
            host.Upstream.Next("/serper/search", exchange => exchange.AnswerAsync("", "text/plain", 503));
            host.Upstream.Next("/serper/search", exchange =>
            {
                exchange.Header("Retry-After", "0");
                return exchange.AnswerAsync("", "text/plain", 429);
            });
            host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

            await host.AnswerAsync("google_search", Jan);
        }

        Assert.Equal(["search serper Failed", "search serper RateLimited", "search serper ok"], heard);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task What_will_fail_again_is_not(int status)
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync("""{"message":"timeout 503 temporary failure"}""", status));

        await host.ErrorAsync("google_search", Jan);

        Assert.Single(host.Upstream.Requests);
    }

    [Fact]
    public async Task A_query_about_404_is_repeated_like_any_other()
    {
        await using var host = await ToolHost.StartAsync(("SEARXNG_URL", "{url}/404"));
        host.Upstream.Next("/404/search", exchange => exchange.AnswerAsync("404", "text/plain", 502));
        host.Upstream.Next("/404/search", exchange => exchange.JsonAsync(ProviderShapes.Searxng));

        Assert.Equal("searxng", (await host.AnswerAsync("google_search", """{"q":"404 not found"}""")).GetProperty("engine").GetString());
    }

    [Fact]
    public async Task Who_wants_more_patience_than_there_is_is_not_waited_for()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"), ("TAVILY_API_KEY", "k"));
        host.Upstream.Next("/serper/search", exchange =>
        {
            // Less than the call has left, more than anybody waits.
            exchange.Header("Retry-After", "8");
            return exchange.AnswerAsync("", "text/plain", 429);
        });
        host.Upstream.Next("/tavily/search", exchange => exchange.JsonAsync(ProviderShapes.Tavily));

        Assert.Equal("tavily", (await host.AnswerAsync("google_search", Jan)).GetProperty("engine").GetString());
        Assert.Equal(["/serper/search", "/tavily/search"], host.Paths);
    }

    [Fact]
    public async Task Who_does_not_answer_leaves_time_for_the_next()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"), ("TAVILY_API_KEY", "k"), ("Search:BudgetSeconds", "6"));
        host.Upstream.Next("/serper/search", exchange => exchange.StallAsync());
        host.Upstream.Next("/tavily/search", exchange => exchange.JsonAsync(ProviderShapes.Tavily));

        var answer = await host.AnswerAsync("google_search", Jan);

        Assert.Equal("tavily", answer.GetProperty("engine").GetString());
        Assert.Equal("took too long", answer.GetProperty("metadata").GetProperty("providers_tried")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task An_answer_of_any_size_is_not_read_to_its_end()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"), ("Providers:MaxAnswerBytes", "16384"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync($$"""{"organic":[],"x":"{{new string('x', 20_000)}}"}"""));

        Assert.Contains("answered with more than is read", await host.ErrorAsync("google_search", Jan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circuit_opens_and_recovers_and_its_state_can_be_seen()
    {
        await using var host = await ToolHost.StartAsync(
            ("SERPER_API_KEY", "k"), ("Providers:Retries", "0"), ("Providers:BreakerMinimumCalls", "2"), ("Providers:BreakSeconds", "45"), ("Search:CacheSeconds", "0"));
        host.Upstream.Next("/serper/search", exchange => exchange.AnswerAsync("", "text/plain", 500));
        host.Upstream.Next("/serper/search", exchange => exchange.AnswerAsync("", "text/plain", 500));
        await host.ErrorAsync("google_search", Jan);
        Assert.Equal(0, host.Gauge("jan.mcp.circuit_breaker.state")["serper"]);

        await host.ErrorAsync("google_search", Jan);
        Assert.Equal(2, host.Gauge("jan.mcp.circuit_breaker.state")["serper"]);
        Assert.Contains("left alone", await host.ErrorAsync("google_search", Jan), StringComparison.Ordinal);
        Assert.Equal(2, host.Upstream.Requests.Count);

        host.Clock.Advance(TimeSpan.FromSeconds(46));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));
        await host.AnswerAsync("google_search", Jan);
        Assert.Equal(0, host.Gauge("jan.mcp.circuit_breaker.state")["serper"]);

        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));
        await host.AnswerAsync("google_search", """{"q":"again"}""");
    }

    [Fact]
    public async Task Too_many_requests_do_not_open_a_circuit()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"), ("Providers:Retries", "0"), ("Providers:BreakerMinimumCalls", "2"));
        host.Upstream.Always("/serper/search", exchange => exchange.AnswerAsync("", "text/plain", 429));

        for (var call = 0; call < 4; call++)
        {
            await host.ErrorAsync("google_search", Jan);
        }

        Assert.Equal(4, host.Upstream.Requests.Count);
    }
}
