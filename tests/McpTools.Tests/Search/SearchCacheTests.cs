namespace JanServer.McpTools.Tests.Search;

public sealed class SearchCacheTests
{
    private const string Jan = """{"q":"jan"}""";

    [Fact]
    public async Task The_same_question_is_answered_from_the_cache_and_says_so()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        var first = await host.AnswerAsync("google_search", Jan);
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        var second = await host.AnswerAsync("google_search", Jan);

        Assert.Equal("hit", second.GetProperty("cache_status").GetString());
        Assert.False(second.GetProperty("live").GetBoolean());
        Assert.False(second.GetProperty("metadata").GetProperty("live").GetBoolean());
        Assert.Equal("hit", second.GetProperty("results")[0].GetProperty("cache_status").GetString());
        Assert.Equal(first.GetProperty("results")[0].GetProperty("fetched_at").GetString(), second.GetProperty("results")[0].GetProperty("fetched_at").GetString());
    }

    [Theory]
    [InlineData("""{"q":"Jan"}""")]
    [InlineData("""{"q":"jan","num":9}""")]
    [InlineData("""{"q":"jan","page":2}""")]
    [InlineData("""{"q":"jan","gl":"de"}""")]
    [InlineData("""{"q":"jan","hl":"de"}""")]
    [InlineData("""{"q":"jan","location":"Bonn"}""")]
    [InlineData("""{"q":"jan","tbs":"qdr:d"}""")]
    [InlineData("""{"q":"jan","autocorrect":false}""")]
    [InlineData("""{"q":"jan","domain_allow_list":["example.com"]}""")]
    [InlineData("""{"q":"jan","domain_block_list":["example.com"]}""")]
    [InlineData("""{"q":"jan","include_raw":true}""")]
    public async Task Another_question_is_asked(string other)
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"));
        host.Upstream.Always("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        await host.AnswerAsync("google_search", Jan);
        Assert.Equal("live", (await host.AnswerAsync("google_search", other)).GetProperty("cache_status").GetString());
    }

    [Fact]
    public async Task Ids_that_callers_send_along_make_no_other_question_and_no_schema_tells_of_them()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        await host.AnswerAsync("google_search", Jan);
        var again = await host.AnswerAsync(
            "google_search", """{"q":"jan","tool_call_id":"call_1","request_id":"r","conversation_id":"conv_1","user_id":"u","num":null,"gl":null,"domain_allow_list":null}""");

        Assert.Equal("hit", again.GetProperty("cache_status").GetString());
        Assert.DoesNotContain("tool_call_id", host.Tool("google_search").Definition.InputSchema.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_answer_is_better_than_none_and_says_what_it_is()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"), ("Providers:Retries", "0"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));
        host.Upstream.Next("/serper/search", exchange => exchange.AnswerAsync("", "text/plain", 500));

        await host.AnswerAsync("google_search", Jan);
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        var stale = await host.AnswerAsync("google_search", Jan);

        Assert.Equal("stale", stale.GetProperty("cache_status").GetString());
        Assert.False(stale.GetProperty("live").GetBoolean());
        Assert.Equal(2, stale.GetProperty("results").GetArrayLength());
        Assert.Equal(2, host.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Offline_nobody_is_asked()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        Assert.Contains("offline", await host.ErrorAsync("google_search", """{"q":"jan","offline_mode":true}"""), StringComparison.Ordinal);
        await host.AnswerAsync("google_search", Jan);
        host.Clock.Advance(TimeSpan.FromHours(5));
        var offline = await host.AnswerAsync("google_search", """{"q":"jan","offline_mode":true}""");

        Assert.Equal("offline", offline.GetProperty("cache_status").GetString());
        Assert.False(offline.GetProperty("live").GetBoolean());
        Assert.Single(host.Upstream.Requests);
    }

    [Fact]
    public async Task The_operator_can_take_everybody_offline_and_a_call_can_go_against_it()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"), ("SERPER_OFFLINE_MODE", "true"));
        host.Upstream.Next("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        await host.ErrorAsync("google_search", Jan);
        Assert.Equal("live", (await host.AnswerAsync("google_search", """{"q":"jan","offline_mode":false}""")).GetProperty("cache_status").GetString());
    }

    [Fact]
    public async Task Without_a_cache_every_question_is_asked()
    {
        await using var host = await ToolHost.StartAsync(("SERPER_API_KEY", "k"), ("Search:CacheSeconds", "0"), ("Search:StaleSeconds", "0"));
        host.Upstream.Always("/serper/search", exchange => exchange.JsonAsync(ProviderShapes.Serper));

        await host.AnswerAsync("google_search", Jan);
        await host.AnswerAsync("google_search", Jan);

        Assert.Equal(2, host.Upstream.Requests.Count);
    }
}
