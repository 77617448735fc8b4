using System.Text.Json;
using JanServer.McpTools.Tests.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using ModelContextProtocol;

namespace JanServer.McpTools.Tests.Memory;

public sealed class MemoryToolTests(MemoryToolTests.Service service) : IClassFixture<MemoryToolTests.Service>
{
    private const string Path = "/v1/memory/load";

    private readonly Caller _caller = TestCallers.User();

    public sealed class Service : ToolService
    {
        public FakeUpstream Memory { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            Memory = await FakeUpstream.StartAsync();
            this["services:memory-tools:http:0"] = Memory.BaseAddress.GetLeftPart(UriPartial.Authority);
            await base.InitializeAsync();
            Start();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Memory.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    [Fact]
    public async Task Memories_keep_their_importance_and_relevance()
    {
        service.Memory.Next(Path, exchange => exchange.JsonAsync(
            """
            {"core_memory":[{"id":"m1","user_id":"u","scope":"preference","key":"tea","text":"Likes tea.","score":4,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-02T00:00:00Z","similarity":0.91}],
             "semantic_memory":[{"id":"f1","project_id":"p","kind":"decision","title":"Database","text":"Use Postgres.","confidence":0.9,"source_conversation_id":"conv_9","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","similarity":0.8}],
             "episodic_memory":[{"id":"e1","user_id":"u","conversation_id":"conv_1","time":"2026-01-03T00:00:00Z","text":"user: hello","kind":"interaction","created_at":"2026-01-03T00:00:00Z","match":"fallback","similarity":0.8}]}
            """));

        var answer = await service.AnswerAsync("memory_retrieve", """{"query":"tea","user_id":"someone","max_user_items":7,"conversation_id":"conv_2"}""", _caller);
        var asked = service.Memory.Requests.Last().Json;

        Assert.Equal(_caller.UserId.ToString(), (string?)asked["user_id"]);
        Assert.Equal(_caller.ProjectId.ToString(), (string?)asked["project_id"]);
        Assert.Equal("conv_2", (string?)asked["conversation_id"]);
        Assert.Equal(
            """{"max_user_items":7,"max_project_items":5,"max_episodic_items":3,"min_similarity":0.75}""", asked["options"]!.ToJsonString());
        Assert.Equal(3, answer.GetProperty("total_items").GetInt32());
        var core = answer.GetProperty("user_memories")[0];
        Assert.Equal((4d, 0.91), (core.GetProperty("importance").GetDouble(), core.GetProperty("relevance_score").GetDouble()));
        Assert.Equal("preference", core.GetProperty("scope").GetString());
        var fact = answer.GetProperty("project_memories")[0];
        Assert.Equal(0.9, fact.GetProperty("metadata").GetProperty("confidence").GetDouble());
        Assert.Equal("Database", fact.GetProperty("metadata").GetProperty("title").GetString());
        var episode = answer.GetProperty("episodic_memories")[0];
        Assert.False(episode.TryGetProperty("relevance_score", out _));
        Assert.Equal("fallback", episode.GetProperty("metadata").GetProperty("match").GetString());
    }

    [Fact]
    public async Task Kinds_are_chosen_and_nothing_is_no_error()
    {
        service.Memory.Next(Path, exchange => exchange.JsonAsync(
            """{"core_memory":[{"id":"a","scope":"core","text":"A"},{"id":"b","scope":"skill","text":"B"}],"semantic_memory":[],"episodic_memory":null}"""));

        var answer = await service.AnswerAsync("memory_retrieve", """{"query":"x","scopes":["skill"]}""", _caller);

        Assert.Equal("b", Assert.Single(answer.GetProperty("user_memories").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Array, answer.GetProperty("episodic_memories").ValueKind);
    }

    [Theory]
    [InlineData(500, "status 500")]
    [InlineData(400, "status 400")]
    public async Task A_failure_is_no_empty_memory(int status, string said)
    {
        service.Memory.Next(Path, exchange => exchange.ErrorAsync(status, "x", "y"));

        var result = await service.CallAsync("memory_retrieve", """{"query":"x"}""", _caller);

        Assert.True(result.IsError);
        Assert.Contains(said, result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_answer_is_an_error()
    {
        service.Memory.Next(Path, exchange => exchange.JsonAsync("[1]"));

        Assert.True((await service.CallAsync("memory_retrieve", """{"query":"x"}""", _caller)).IsError);
    }

    [Fact]
    public async Task Another_project_cannot_be_asked()
    {
        var result = await service.CallAsync("memory_retrieve", $$"""{"query":"x","project_id":"{{TestCallers.User().ProjectId}}"}""", _caller);

        Assert.True(result.IsError);
        Assert.DoesNotContain(service.Memory.Requests, request => (string?)request.Json["user_id"] == _caller.UserId.ToString());
    }

    [Fact]
    public async Task Arguments_are_bounded() => await Assert.ThrowsAsync<McpProtocolException>(
        () => service.CallAsync("memory_retrieve", """{"query":"x","max_user_items":11}""", _caller));

    [Fact]
    public async Task Without_a_memory_service_the_tool_is_not_listed_and_says_why()
    {
        await using var other = await ToolService.StartedAsync();

        var listed = await other.Catalogue.ListAsync(_caller, CancellationToken.None);
        var result = await other.CallAsync("memory_retrieve", """{"query":"x"}""", _caller);

        Assert.DoesNotContain(listed, tool => tool.Name == "memory_retrieve");
        Assert.Contains("there is no memory service", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_references_setting_names_the_service_too()
    {
        await using var other = new ToolService { ["MEMORY_TOOLS_URL"] = service.Memory.BaseAddress.GetLeftPart(UriPartial.Authority) };
        await other.InitializeAsync();
        other.Start();
        service.Memory.Next(Path, exchange => exchange.JsonAsync("""{"core_memory":[],"semantic_memory":[],"episodic_memory":[]}"""));

        Assert.NotEqual(true, (await other.CallAsync("memory_retrieve", """{"query":"x"}""", _caller)).IsError);
    }
}
