using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Titles;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.LlmApi.Tests.Conversations;

public class TitleGenerationTests(TitleGenerationTests.Host api) : IClassFixture<TitleGenerationTests.Host>
{
    /// <summary>With a model that makes titles.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host()
        {
            this["Titles:Enabled"] = "true";
            this["Titles:Model"] = Model;
            this["Titles:Workers"] = "1";
        }
    }

    [Fact]
    public async Task A_model_makes_a_title_and_its_work_is_accounted_for()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        var id = await ann.StartAsync("how do I get to Rome by train?");
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("<think>hm</think>\"Train to Rome\"")));
        TurnStored(caller, id, false, "how do I get to Rome by train?", 1);
        await Eventually.True(async () => (await ann.GetAsync($"/{id}"))["title"]?.GetValue<string>() == "Train to Rome");
        await Eventually.True(async () => await api.Database.ScalarAsync<long>(
            $"SELECT count(*) FROM usage_records WHERE user_id = '{caller.UserId.Value}' AND request_id LIKE 'title-%' AND status = 'ok'") == 1);
    }

    [Fact]
    public async Task Without_a_model_that_answers_the_users_words_are_the_title()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        var id = await ann.StartAsync("hi");
        api.Upstream.NextChat(x => x.ErrorAsync(400, "x", "no"));
        TurnStored(caller, id, false, "Tell me about [Rome](https://x.test)!", 1);
        await Eventually.True(async () => (await ann.GetAsync($"/{id}"))["title"]?.GetValue<string>() == "Tell me about Rome");
    }

    [Fact]
    public async Task A_chat_gives_its_conversation_a_title()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        using var client = api.ClientFor(caller);
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("By train.")));
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("Going to Rome")));
        using var answer = await client.ChatAsync(
            """{"model":"vendor/model","conversation":"","messages":[{"role":"user","content":[{"type":"text","text":"How to get to Rome?"}]}]}""");
        var id = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["conversation"]!.Text("id");
        await Eventually.True(async () => (await ann.GetAsync($"/{id}"))["title"]?.GetValue<string>() == "Going to Rome");
    }

    [Fact]
    public async Task A_title_that_the_user_chooses_meanwhile_stays()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        var id = await ann.StartAsync("hi");
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            asked.SetResult();
            await go.Task.Soon();
            await x.JsonAsync(OpenAIShapes.Completion("A late title"));
        });
        TurnStored(caller, id, false, "hi there", 1);
        await asked.Task.Soon();
        await ann.PostAsync($"/{id}", """{"title":"Mine"}""");
        go.SetResult();

        // There is one worker: what comes after is done after.
        var other = await ann.StartAsync("next");
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("Next")));
        TurnStored(caller, other, false, "next", 1);
        await Eventually.True(async () => (await ann.GetAsync($"/{other}"))["title"] is not null);
        Assert.Equal("Mine", (await ann.GetAsync($"/{id}")).Text("title"));
    }

    [Fact]
    public async Task Nobody_elses_conversation_gets_a_title_and_none_without_a_word_of_the_user()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        var id = await ann.StartAsync("hi");
        TurnStored(TestCallers.User(), id, false, "hijacked", 1);
        TurnStored(caller, id, false, null, 0);
        var other = await ann.StartAsync("next");
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("Next")));
        TurnStored(caller, other, false, "next", 1);
        await Eventually.True(async () => (await ann.GetAsync($"/{other}"))["title"] is not null);
        Assert.Null((await ann.GetAsync($"/{id}"))["title"]);
    }

    private void TurnStored(Caller caller, string id, bool hasTitle, string? said, int userMessages) =>
        api.Services.GetRequiredService<TitleGeneration>()
            .TurnStored(new(Id<Conversation>.Parse(id), caller, hasTitle, new(said, said, userMessages)));
}
