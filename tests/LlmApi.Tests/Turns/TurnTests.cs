using System.Net;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Turns;

public class TurnTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task A_chat_without_a_conversation_stores_nothing()
    {
        var ann = new TurnDriver(api);
        Assert.Null((await ann.AsksAsync(["user:hi"], "hello"))["conversation"]);
        Assert.Equal(0, await ann.CountConversationsAsync());
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("{}")]
    [InlineData("""{"id":""}""")]
    public async Task A_conversation_begins_with_the_turn(string conversation)
    {
        var ann = new TurnDriver(api);
        var answer = await ann.AsksAsync(["system:be kind", "user:hi"], "hello", conversation);
        var id = (string)answer["conversation"]!["id"]!;
        Assert.StartsWith("conv_", id, StringComparison.Ordinal);
        Assert.Equal(["user:hi:completed", "assistant:hello:completed"], await ann.ItemsAsync(id));
    }

    [Fact]
    public async Task A_referrer_begins_a_conversation_too()
    {
        var ann = new TurnDriver(api);
        var answer = await ann.AsksAsync(["user:hi"], "hello", query: "?referrer=app");
        Assert.NotNull(answer["conversation"]);
        Assert.Equal(1, await ann.CountConversationsAsync("referrer = 'app'"));
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task A_referrer_that_cannot_be_stored_is_refused_before_the_model_is_asked(string referrer)
    {
        using var client = api.Client();
        using var response = await client.PostAsync(
            new Uri($"/v1/chat/completions?referrer={referrer}", UriKind.Relative), LlmApiRequests.Json(LlmApiRequests.Chat));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("referrer", (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]!);
    }

    [Fact]
    public async Task A_history_that_comes_with_every_turn_is_stored_once()
    {
        var ann = new TurnDriver(api);
        var id = await ann.BeginsAsync("one", "1");
        await ann.AsksAsync(["user:one", "assistant:1", "user:two"], "2", $"\"{id}\"");
        await ann.AsksAsync(["user:one", "assistant:1", "user:two", "assistant:2", "user:three"], "3", $$"""{"id":"{{id}}"}""");
        Assert.Equal(
            ["user:one", "assistant:1", "user:two", "assistant:2", "user:three", "assistant:3"],
            (await ann.ItemsAsync(id)).Select(item => item.Replace(":completed", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_history_that_a_new_conversation_begins_with_is_stored_whole()
    {
        var ann = new TurnDriver(api);
        var answer = await ann.AsksAsync(["system:s", "user:one", "assistant:1", "user:two"], "2", "\"\"");
        Assert.Equal(4, (await ann.ItemsAsync((string)answer["conversation"]!["id"]!)).Count);
    }

    [Fact]
    public async Task A_question_that_is_asked_again_is_stored_once()
    {
        var ann = new TurnDriver(api);
        var id = await ann.BeginsAsync("one", "1");
        await api.Database.ExecuteAsync(
            $"DELETE FROM conversation_items WHERE role = 'assistant' AND conversation_id = '{ann.GuidOf(id)}'");
        await ann.AsksAsync(["user: one "], "1 again", $"\"{id}\"");
        Assert.Equal(["user:one:completed", "assistant:1 again:completed"], await ann.ItemsAsync(id));
    }

    [Fact]
    public async Task The_results_of_parallel_tool_calls_are_all_stored()
    {
        var ann = new TurnDriver(api);
        api.Upstream.NextChat(x => x.JsonAsync(
            """{"id":"x","model":"fake-model","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"n\":1}"}},{"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"""));
        var first = await ann.SendAsync("""[{"role":"user","content":"go"}]""", "\"\"");
        var id = (string)first["conversation"]!["id"]!;
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("done")));
        await ann.SendAsync(
            """[{"role":"user","content":"go"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"n\":1}"}},{"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_a","content":"A"},{"role":"tool","tool_call_id":"call_b","content":"B"}]""",
            $"\"{id}\"");

        Assert.Equal(
            ["user:go:completed", "assistant::completed", "tool::in_progress", "tool::in_progress", "tool:A:completed", "tool:B:completed", "assistant:done:completed"],
            await ann.ItemsAsync(id));
        Assert.Equal(
            ["call_a f {\"n\":1}", "call_b g {}"],
            await ann.ColumnAsync(id, "i.call_id || ' ' || i.name || ' ' || i.arguments", "i.type = 'mcp_call'"));
        Assert.Equal(["call_a", "call_b"], await ann.ColumnAsync(id, "i.call_id", "i.type = 'message' AND i.role = 'tool'"));
    }

    [Fact]
    public async Task Parts_that_are_no_text_are_kept()
    {
        var ann = new TurnDriver(api);
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("a cat")));
        var answer = await ann.SendAsync(
            """[{"role":"user","content":[{"type":"text","text":"what?"},{"type":"image_url","image_url":{"url":"https://x.test/cat.png","detail":"low"}}]}]""", "\"\"");
        var content = JsonNode.Parse((await ann.ColumnAsync((string)answer["conversation"]!["id"]!, "i.content::text", "i.role = 'user'")).Single())!;
        Assert.Equal("""{"type":"input_image","image_url":"https://x.test/cat.png","detail":"low"}""", content[1]!.ToJsonString());
    }

    [Fact]
    public async Task Reasoning_is_stored_only_when_asked_for()
    {
        var ann = new TurnDriver(api);
        var without = await ann.BeginsAsync("q", "<think>hm</think>a");
        Assert.DoesNotContain("hm", (await ann.ColumnAsync(without, "i.content::text", "i.role = 'assistant'")).Single(), StringComparison.Ordinal);

        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("<think>hm</think>a")));
        var answer = await ann.SendAsync("""[{"role":"user","content":"q"}]""", "\"\"", more: ",\"store_reasoning\":true");
        var content = (await ann.ColumnAsync((string)answer["conversation"]!["id"]!, "i.content::text", "i.role = 'assistant'")).Single();
        Assert.Contains("""{"type":"reasoning_text","text":"hm"}""", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_stored_when_the_client_says_so()
    {
        var ann = new TurnDriver(api);
        var id = await ann.BeginsAsync("one", "1");
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("2")));
        var answer = await ann.SendAsync("""[{"role":"user","content":"two"}]""", $"\"{id}\"", more: ",\"store\":false");
        Assert.Equal(id, (string)answer["conversation"]!["id"]!);
        Assert.Equal(2, (await ann.ItemsAsync(id)).Count);
    }

    [Fact]
    public async Task A_request_that_fails_leaves_no_conversation()
    {
        var ann = new TurnDriver(api);
        api.Upstream.NextChat(x => x.ErrorAsync(400, "bad", "no"));
        using var response = await ann.Client.ChatAsync("""{"model":"vendor/model","conversation":"","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(0, await ann.CountConversationsAsync());
    }

    [Fact]
    public async Task Someone_elses_conversation_is_not_found()
    {
        var id = await new TurnDriver(api).BeginsAsync("one", "1");
        using var response = await api.Client().ChatAsync(
            $$"""{"model":"vendor/model","conversation":"{{id}}","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("conversation", (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]!);
    }

    [Fact]
    public async Task A_key_without_the_scope_cannot_name_a_conversation()
    {
        using var client = api.ClientFor(TestCallers.User().ByApiKey(Scopes.Inference));
        using var response = await client.ChatAsync("""{"model":"vendor/model","conversation":"","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_stream_says_which_conversation_it_belongs_to_and_is_stored_by_its_end()
    {
        var ann = new TurnDriver(api);
        api.Upstream.NextChat(x => OpenAIShapes.StreamAsync(x, "hel", "lo"));
        using var response = await ann.Client.StreamAsync(
            """{"model":"vendor/model","stream":true,"conversation":"","messages":[{"role":"user","content":"hi"}]}""");
        using var events = await SseReader.OpenAsync(response);
        var id = (string)(await events.NextAsync())!.Json["conversation"]!["id"]!;
        while (await events.NextAsync() is { IsDone: false } next)
        {
            Assert.Null(next.Json["conversation"]);
        }

        Assert.Equal(["user:hi:completed", "assistant:hello:completed"], await ann.ItemsAsync(id));
    }

    [Fact]
    public async Task What_a_client_that_left_had_got_is_stored_as_incomplete()
    {
        var ann = new TurnDriver(api);
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("hel"));
            await x.StallAsync();
        });
        string id;
        using (var response = await ann.Client.StreamAsync(
            """{"model":"vendor/model","stream":true,"conversation":"","messages":[{"role":"user","content":"hi"}]}"""))
        {
            using var events = await SseReader.OpenAsync(response);
            id = (string)(await events.NextAsync())!.Json["conversation"]!["id"]!;
        }

        await Eventually.Succeeds(async () => Assert.Equal(["user:hi:completed", "assistant:hel:incomplete"], await ann.ItemsAsync(id)));
        Assert.Equal(["""{"reason":"client_disconnected"}"""], await ann.ColumnAsync(id, "i.incomplete_details::text", "i.role = 'assistant'"));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_stored_as_incomplete()
    {
        var ann = new TurnDriver(api);
        api.Upstream.NextChat(x => x.EventAsync(OpenAIShapes.Chunk("hel")));
        using var response = await ann.Client.StreamAsync(
            """{"model":"vendor/model","stream":true,"conversation":"","messages":[{"role":"user","content":"hi"}]}""");
        using var events = await SseReader.OpenAsync(response);
        var id = (string)(await events.NextAsync())!.Json["conversation"]!["id"]!;
        await Eventually.Succeeds(async () => Assert.Equal(["user:hi:completed", "assistant:hel:incomplete"], await ann.ItemsAsync(id)));
    }

    [Fact]
    public async Task An_answer_belongs_to_the_timeline_that_was_asked_even_if_it_is_edited_meanwhile()
    {
        var ann = new TurnDriver(api);
        var id = await ann.BeginsAsync("one", "1");
        var item = (await ann.ColumnAsync(id, "i.id::text", "i.role = 'user'")).Single();
        api.Upstream.NextChat(async x =>
        {
            using var edit = await ann.Client.PostAsync(
                new Uri($"/v1/conversations/{id}/items/{new Id<ConversationItem>(Guid.Parse(item))}/edit", UriKind.Relative),
                LlmApiRequests.Json("""{"content":"another one"}"""));
            await x.JsonAsync(OpenAIShapes.Completion(edit.IsSuccessStatusCode ? "2" : "not edited"));
        });
        await ann.SendAsync("""[{"role":"user","content":"one"},{"role":"assistant","content":"1"},{"role":"user","content":"two"}]""", $"\"{id}\"");

        Assert.Equal(["user:another one:"], (await ann.ItemsAsync(id)).Select(text => text.Replace("completed", "", StringComparison.Ordinal)));
        Assert.Equal(
            4L,
            await api.Database.ScalarAsync<long>(
                $"SELECT count(*) FROM conversation_branch_items AS m JOIN conversation_branches AS b ON b.id = m.branch_id WHERE b.conversation_id = '{ann.GuidOf(id)}' AND b.name <> 'MAIN'"));
    }

    [Fact]
    public async Task A_conversation_that_is_deleted_meanwhile_takes_nothing_and_the_usage_is_kept()
    {
        var ann = new TurnDriver(api);
        var id = await ann.BeginsAsync("one", "1");
        api.Upstream.NextChat(async x =>
        {
            await api.Database.ExecuteAsync($"DELETE FROM conversations WHERE id = '{ann.GuidOf(id)}'");
            await x.JsonAsync(OpenAIShapes.Completion("2"));
        });
        Assert.NotNull((await ann.SendAsync("""[{"role":"user","content":"two"}]""", $"\"{id}\""))["choices"]);
        Assert.Empty(await ann.ItemsAsync(id));
        Assert.Equal(2L, await api.Database.ScalarAsync<long>($"SELECT count(*) FROM usage_records WHERE user_id = '{ann.Caller.UserId.Value}'"));
    }
}
