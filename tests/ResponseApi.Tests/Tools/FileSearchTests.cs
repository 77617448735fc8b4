namespace JanServer.ResponseApi.Tests.Tools;

public sealed class FileSearchTests
{
    private const string Schema = """{"query":{"type":"string"},"top_k":{"type":"integer"},"document_ids":{"type":"array"}}""";

    private const string Found =
        """
        {"query":"q","top_k":20,"count":3,"results":[
          {"document_id":"a","score":0.9,"text_preview":"Of 2024","metadata":{"year":2024,"lang":"en","filename":"a.txt"},"tags":[]},
          {"document_id":"b","score":0.8,"text_preview":"Of 2020","metadata":{"year":2020,"lang":"fr"},"tags":[]},
          {"document_id":"c","score":0.2,"text_preview":"Of nothing","tags":[]}]}
        """;

    [Fact]
    public async Task Documents_are_searched_by_their_ids()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("file_search_query", _ => FakeMcpTools.Structured(Found), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"file_search","vector_store_ids":["a","b"],"max_num_results":2}],"include":["file_search_call.results"]
            """);
        var tools = await host.ToolsAsync(response);
        Assert.Equal(["query"], tools.Bindings["file_search_query"].Function.Parameters.GetProperty("properties").EnumerateObject().Select(one => one.Name));
        var (outcome, shown) = await tools.CallAsync(response, "file_search_query", """{"query":"q","document_ids":["secret"]}""");
        Assert.Equal(["added", "file_search_call.in_progress", "file_search_call.searching", "file_search_call.completed"], shown.Events);
        Assert.Equal("""{"query":"q","top_k":2,"document_ids":["a","b"]}""", mcp.OnlyCall().ToJsonString());
        Assert.Equal(["q"], outcome.Item.GetProperty("queries").EnumerateArray().Select(query => query.GetString()));
        var results = outcome.Item.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["a", "b"], results.Select(result => result.Text("file_id")));
        Assert.Equal("a.txt", results[0].Text("filename"));
        Assert.Equal("Of 2024", results[0].Text("text"));
        Assert.Equal(2024, results[0].GetProperty("attributes").GetProperty("year").GetInt32());
        Assert.Contains("Of 2020", outcome.ModelText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"eq","key":"lang","value":"fr"}""", "b")]
    [InlineData("""{"type":"ne","key":"lang","value":"fr"}""", "a,c")]
    [InlineData("""{"type":"gte","key":"year","value":2021}""", "a")]
    [InlineData("""{"type":"lt","key":"year","value":2021}""", "b")]
    [InlineData("""{"type":"in","key":"lang","value":["en","de"]}""", "a")]
    [InlineData("""{"type":"nin","key":"lang","value":["en"]}""", "b,c")]
    [InlineData("""{"type":"or","filters":[{"type":"eq","key":"lang","value":"en"},{"type":"eq","key":"lang","value":"fr"}]}""", "a,b")]
    [InlineData("""{"type":"and","filters":[{"type":"gt","key":"year","value":2000},{"type":"eq","key":"lang","value":"en"}]}""", "a")]
    public async Task Results_are_filtered_by_attributes(string filter, string ids)
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("file_search_query", _ => FakeMcpTools.Structured(Found), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask($$"""
            "tools":[{"type":"file_search","vector_store_ids":["a"],"filters":{{filter}}}],"include":["file_search_call.results"]
            """);
        var (outcome, _) = await (await host.ToolsAsync(response)).CallAsync(response, "file_search_query", """{"query":"q"}""");
        Assert.Equal(ids, string.Join(',', outcome.Item.GetProperty("results").EnumerateArray().Select(result => result.Text("file_id"))));
        Assert.Equal(20, (int)mcp.OnlyCall()["top_k"]!);
    }

    [Fact]
    public async Task Weak_results_stay_below_the_threshold()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("file_search_query", _ => FakeMcpTools.Structured(Found), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"file_search","vector_store_ids":["a"],"ranking_options":{"ranker":"auto","score_threshold":0.85}}]
            """);
        var (outcome, _) = await (await host.ToolsAsync(response)).CallAsync(response, "file_search_query", """{"query":"q"}""");
        Assert.DoesNotContain("Of 2020", outcome.ModelText, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, outcome.Item.GetProperty("results").ValueKind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_vector_store_is_a_tag_where_tags_can_be_searched(bool canSearch)
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With(
            "file_search_query", _ => FakeMcpTools.Structured(Found), canSearch ? Schema.Replace("document_ids", "tags", StringComparison.Ordinal) : Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"file_search","vector_store_ids":["vs_books"]}]
            """);
        var (outcome, _) = await (await host.ToolsAsync(response)).CallAsync(response, "file_search_query", """{"query":"q"}""");
        if (canSearch)
        {
            Assert.Equal("""["vs_books"]""", mcp.OnlyCall()["tags"]!.ToJsonString());
            Assert.Null(outcome.Error);
        }
        else
        {
            Assert.Equal("failed", outcome.Item.Text("status"));
            Assert.Empty(mcp.Asked("tools/call"));
        }
    }
}
