using System.Text.Json;
using JanServer.McpTools.Tests.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.FileSearch;

public sealed class FileSearchTests(FileSearchTests.Service service) : IClassFixture<FileSearchTests.Service>
{
    // Texts that mean the same without sharing a word: each group is a direction of its own.
    private static readonly string[][] Meanings = [["car", "automobile", "vehicle"], ["cat", "feline"], ["rain", "weather", "storm"], ["京都", "kyoto"]];

    private readonly Caller _caller = TestCallers.User();

    public sealed class Service : ToolService
    {
        public Service()
        {
            this["FileSearch:MaxDocumentCharacters"] = "20000";
            this["FileSearch:MaxDocuments"] = "5";
            this["FileSearch:MaxChunks"] = "60";
            this["FileSearch:ChunkCharacters"] = "200";
        }

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            LlmApi.Always("/v1/models", exchange => exchange.JsonAsync("""{"object":"list","data":[{"id":"jan-demo"},{"id":"jan-demo-embed"}]}"""));
            LlmApi.Always("/v1/embeddings", EmbedAsync);
            Start();
        }
    }

    [Fact]
    public async Task A_document_is_found_by_meaning_and_by_words()
    {
        await IndexAsync("a", "An automobile needs fuel.");
        await IndexAsync("b", "A feline sleeps all day.");
        await IndexAsync("c", "Invoices are numbered ZX-81.");

        var byMeaning = await QueryAsync("""{"query":"car"}""");
        var byWords = await QueryAsync("""{"query":"zx 81"}""");

        Assert.Equal("hybrid", byMeaning.GetProperty("mode").GetString());
        Assert.Equal(["a"], Ids(byMeaning));
        Assert.Equal("An automobile needs fuel.", byMeaning.GetProperty("results")[0].GetProperty("text").GetString());
        Assert.Equal(1, byMeaning.GetProperty("results")[0].GetProperty("similarity").GetDouble(), 0.01);
        Assert.Equal("c", Ids(byWords)[0]);
        Assert.NotNull(service.LlmApi.Requests.Last(request => request.Path == "/v1/embeddings").Header(CallerTokens.HeaderName));
    }

    [Fact]
    public async Task What_is_good_by_words_and_by_meaning_is_best()
    {
        await IndexAsync("words", "The car park is closed. It has no other use.");
        await IndexAsync("meaning", "A vehicle.");
        await IndexAsync("both", "A car is a vehicle.");

        Assert.Equal("both", Ids(await QueryAsync("""{"query":"car"}"""))[0]);
    }

    [Theory]
    [InlineData("東京タワーは東京都港区にある。", "港区")]
    [InlineData("Москва — столица России.", "столица")]
    [InlineData("กรุงเทพมหานครเป็นเมืองหลวง", "เมืองหลวง")]
    [InlineData("서울은 대한민국의 수도이다.", "대한민국")]
    public async Task Every_language_is_found_by_its_words(string text, string query)
    {
        await IndexAsync("other", "Nothing of the kind.");
        await IndexAsync("found", text);

        Assert.Equal(["found"], Ids(await QueryAsync(JsonSerializer.Serialize(new { query }))));
    }

    [Fact]
    public async Task Without_an_embedding_model_words_are_matched_and_the_result_says_so()
    {
        for (var i = 0; i < 3; i++)
        {
            service.LlmApi.Next("/v1/embeddings", exchange => exchange.ErrorAsync(503, "service_unavailable", "Down."));
        }

        var indexed = await IndexAsync("a", "An automobile needs fuel.");
        var found = await QueryAsync("""{"query":"fuel"}""");
        var none = await QueryAsync("""{"query":"car"}""");

        Assert.Equal("full_text", indexed.GetProperty("mode").GetString());
        Assert.Contains("only words are matched", indexed.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal("full_text", found.GetProperty("mode").GetString());
        Assert.Contains("only words are matched", found.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(["a"], Ids(found));
        Assert.Empty(Ids(none));
    }

    [Fact]
    public async Task A_deployment_without_an_embedding_model_asks_none()
    {
        await using var other = new ToolService();
        await other.InitializeAsync();
        other.LlmApi.Always("/v1/models", exchange => exchange.JsonAsync("""{"object":"list","data":[{"id":"jan-demo"}]}"""));
        other.Start();

        var indexed = await other.CallAsync("file_search_index", Document("a", "An automobile needs fuel."), _caller);

        Assert.Equal("full_text", indexed.StructuredContent!.Value.GetProperty("mode").GetString());
        Assert.DoesNotContain(other.LlmApi.Requests, request => request.Path == "/v1/embeddings");
    }

    [Fact]
    public async Task Nobody_finds_lists_or_deletes_the_documents_of_another_user_or_project()
    {
        await IndexAsync("mine", "An automobile needs fuel.");
        var project = _caller with { ProjectId = TestCallers.User().ProjectId };
        foreach (var other in new[] { TestCallers.User(), project, TestCallers.User() with { ProjectId = _caller.ProjectId } })
        {
            Assert.Empty(Ids(await QueryAsync("""{"query":"automobile fuel car"}""", other)));
            Assert.Empty(Ids(await QueryAsync("""{"query":"fuel","document_ids":["mine"]}""", other)));
            Assert.Equal(0, (await ResultAsync("file_search_list", "{}", other)).GetProperty("count").GetInt32());
            var deleted = await service.CallAsync("file_search_delete", """{"document_id":"mine"}""", other);
            Assert.True(deleted.IsError);
        }

        Assert.Equal(["mine"], Ids(await QueryAsync("""{"query":"fuel"}""")));
    }

    [Fact]
    public async Task A_document_takes_the_place_of_the_one_with_its_id()
    {
        await IndexAsync("a", "An automobile needs fuel.");
        var again = await IndexAsync("a", "A feline sleeps all day.");

        Assert.Equal("indexed", again.GetProperty("status").GetString());
        Assert.Equal(5, again.GetProperty("token_count").GetInt32());
        Assert.Empty(Ids(await QueryAsync("""{"query":"fuel car"}""")));
        Assert.Equal(["a"], Ids(await QueryAsync("""{"query":"cat"}""")));
        Assert.Equal(1, (await ResultAsync("file_search_list", "{}")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Results_are_filtered_by_document_tags_and_metadata_and_bounded()
    {
        await ResultAsync("file_search_index", """{"document_id":"a","text":"fuel one","tags":["x","y"],"metadata":{"year":2025,"by":{"name":"ann"}}}""");
        await ResultAsync("file_search_index", """{"document_id":"b","text":"fuel two","tags":["x"],"metadata":{"year":2026}}""");
        await IndexAsync("c", "fuel three");

        Assert.Equal(["a", "b"], Ids(await QueryAsync("""{"query":"fuel","tags":["x"]}""")).Order());
        Assert.Equal(["a"], Ids(await QueryAsync("""{"query":"fuel","tags":["y","x"]}""")));
        Assert.Equal(["b"], Ids(await QueryAsync("""{"query":"fuel","metadata":{"year":2026}}""")));
        Assert.Equal(["c"], Ids(await QueryAsync("""{"query":"fuel","document_ids":["c","z"]}""")));
        Assert.Single(Ids(await QueryAsync("""{"query":"fuel","top_k":1}""")));
        var found = (await QueryAsync("""{"query":"fuel","metadata":{"by":{"name":"ann"}}}""")).GetProperty("results")[0];
        Assert.Equal(2025, found.GetProperty("metadata").GetProperty("year").GetInt32());
        Assert.Equal(["x", "y"], found.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync("file_search_query", """{"query":"fuel","top_k":21}""", _caller));
    }

    [Fact]
    public async Task Documents_are_listed_by_page_and_deleted()
    {
        foreach (var id in new[] { "b", "a", "c" })
        {
            await IndexAsync(id, $"text of {id}");
        }

        var first = await ResultAsync("file_search_list", """{"limit":2}""");
        var second = await ResultAsync("file_search_list", """{"limit":2,"after":"b"}""");
        var deleted = await ResultAsync("file_search_delete", """{"document_id":"a"}""");

        Assert.Equal(["a", "b"], first.GetProperty("documents").EnumerateArray().Select(one => one.GetProperty("document_id").GetString()));
        Assert.True(first.GetProperty("has_more").GetBoolean());
        Assert.Equal(["c"], second.GetProperty("documents").EnumerateArray().Select(one => one.GetProperty("document_id").GetString()));
        Assert.False(second.GetProperty("has_more").GetBoolean());
        Assert.True(deleted.GetProperty("deleted").GetBoolean());
        Assert.Equal(2, (await ResultAsync("file_search_list", "{}")).GetProperty("count").GetInt32());
        Assert.True((await service.CallAsync("file_search_delete", """{"document_id":"a"}""", _caller)).IsError);
        Assert.Equal(2, await service.Database.ScalarAsync<long>($"SELECT count(*) FROM document_chunks WHERE user_id = '{_caller.UserId.Value}'"));
    }

    [Fact]
    public async Task Limits_are_errors_that_name_them_and_change_nothing()
    {
        await IndexAsync("kept", "fuel");
        var large = await service.CallAsync("file_search_index", Document("kept", new string('x', 20_001)), _caller);
        var long_ = await service.CallAsync("file_search_index", Document("kept", string.Concat(Enumerable.Repeat("Some words in a row. ", 900))), _caller);
        for (var i = 0; i < 4; i++)
        {
            await IndexAsync($"{i}", "text");
        }

        var many = await service.CallAsync("file_search_index", Document("more", "text"), _caller);
        var empty = await service.CallAsync("file_search_index", Document("more", "..."), _caller);
        var nul = await service.CallAsync("file_search_index", Document("a\0", "text"), _caller);

        Assert.Contains("20001 characters", large.Text(), StringComparison.Ordinal);
        Assert.Contains("60", long_.Text(), StringComparison.Ordinal);
        Assert.Contains("no more are allowed", many.Text(), StringComparison.Ordinal);
        CallToolResult[] refused = [large, long_, many, empty, nul];
        Assert.All(refused, result => Assert.True(result.IsError));
        Assert.Equal(["kept"], Ids(await QueryAsync("""{"query":"fuel"}""")));
        Assert.Equal("indexed", (await IndexAsync("kept", "another")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_long_document_is_embedded_in_batches_and_found_at_its_passage()
    {
        var text = string.Join("\n\n", Enumerable.Range(0, 50).Select(i => i == 40 ? "The automobile is number forty." : $"Paragraph {i} is about nothing at all, {new string('z', 100)}."));

        var indexed = await IndexAsync("long", text);
        var found = await QueryAsync("""{"query":"car","top_k":1}""");

        Assert.True(indexed.GetProperty("chunk_count").GetInt32() > 32);
        Assert.True(service.LlmApi.Requests.Count(request => request.Path == "/v1/embeddings") >= 3);
        Assert.Contains("automobile", found.GetProperty("results")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private static string Document(string id, string text) => JsonSerializer.Serialize(new { document_id = id, text });

    private static List<string> Ids(JsonElement answer) =>
        [.. answer.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("document_id").GetString()!)];

    private static Task EmbedAsync(FakeExchange exchange)
    {
        var inputs = exchange.Request.Json["input"]!.AsArray().Select(input => input!.GetValue<string>().ToLowerInvariant());
        Assert.Equal("jan-demo-embed", (string?)exchange.Request.Json["model"]);
        var data = inputs.Select((input, index) => new { @object = "embedding", index, embedding = VectorOf(input) }).Reverse();
        return exchange.JsonAsync(JsonSerializer.Serialize(new { @object = "list", data }));
    }

    private static float[] VectorOf(string text) =>
        [.. Meanings.Select(words => words.Any(word => text.Contains(word, StringComparison.Ordinal)) ? 2f : 0f), text.Contains("nothing", StringComparison.Ordinal) ? 1f : 0f];

    private Task<JsonElement> IndexAsync(string id, string text) => ResultAsync("file_search_index", Document(id, text));

    private Task<JsonElement> QueryAsync(string arguments, Caller? caller = null) => ResultAsync("file_search_query", arguments, caller);

    private Task<JsonElement> ResultAsync(string tool, string arguments, Caller? caller = null) =>
        service.AnswerAsync(tool, arguments, caller ?? _caller);
}
