using System.Net;
using System.Text.Json.Nodes;

namespace JanServer.LlmApi.Tests.Shares;

public class SnapshotTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private const string Parts =
        """
        [{"type":"output_text","text":"seen","annotations":[
            {"type":"url_citation","url":"https://a.example","title":"A","start_index":0,"end_index":4,"internal":"hidden-1"},
            {"type":"container_file_citation","file_id":"hidden-2"}],"logprobs":"hidden-3"},
         {"type":"reasoning_text","text":"thought"},
         {"type":"input_image","image_url":"https://a.example/x.png","detail":"low"},
         {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
         {"type":"image","image":{"url":"file:///etc/hidden-4"}},
         {"type":"input_file","file_id":"file_1","filename":"a.pdf","file_data":"hidden-5"},
         {"type":"input_audio","input_audio":{"data":"hidden-6","format":"wav"}},
         {"type":"code","text":"hidden-7"},
         {"type":"computer_screenshot","image_url":"https://hidden-8"},
         {"type":"something_new","text":"hidden-9"},
         {"type":"tool_calls","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":\"\\ud800\"}"},"x":"hidden-10"}]}]
        """;

    [Fact]
    public async Task Readers_see_text_citations_files_and_calls_and_nothing_that_is_not_known_to_be_public()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.SayAsync("assistant", Parts);
        var text = (await talk.ReadAsync(await talk.SharedAsync())).ToJsonString();
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        Assert.DoesNotContain("thought", text, StringComparison.Ordinal);
        Assert.DoesNotContain("png", text, StringComparison.Ordinal);
        Assert.Contains("https://a.example", text, StringComparison.Ordinal);
        Assert.Contains("a.pdf", text, StringComparison.Ordinal);
        Assert.Contains("call_1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_see_images_and_thoughts_when_the_owner_says_so()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.SayAsync(null, """[{"type":"reasoning_text","text":"thought-2"}]""", type: "reasoning",
            with: item => item with { Extra = """{"summary":[{"type":"summary_text","text":"thought-3"}],"encrypted_content":"hidden"}""" });
        await talk.SayAsync("assistant", Parts);
        var snapshot = await talk.ReadAsync(await talk.SharedAsync(new { scope = "conversation", include_images = true, include_reasoning = true }));
        var text = snapshot.ToJsonString();
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        Assert.Contains("thought-3", text, StringComparison.Ordinal);
        Assert.Contains("thought-2", text, StringComparison.Ordinal);
        var images = snapshot["items"]![1]!["content"]!.AsArray().Where(part => part!["type"]!.GetValue<string>() == "input_image").ToList();
        Assert.Equal(["https://a.example/x.png", "data:image/png;base64,AAAA"], images.Select(image => image!["image_url"]!.GetValue<string>()));
        Assert.Equal("low", images[0]!["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Readers_see_who_asked_who_answered_and_what_tools_said_and_not_what_the_system_was_told()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.SayAsync("system", """[{"type":"input_text","text":"hidden"}]""");
        await talk.SayAsync("developer", """[{"type":"input_text","text":"hidden"}]""");
        await talk.UserAsync("  How is\nthe weather in a place whose name is long enough to be cut? ");
        await talk.SayAsync(null, null, type: "function_call", with: item => item with { CallId = "c1", Name = "weather", Arguments = "{\"in\":1}" });
        await talk.SayAsync(null, null, type: "function_call_output", with: item => item with { CallId = "c1", Output = "sun" });
        await talk.SayAsync("assistant", """[{"type":"mcp_call","text":"hidden"}]""", type: "mcp_call");
        await talk.SayAsync(null, null, type: "web_search_call", with: item => item with { Extra = """{"action":"hidden"}""" });
        await talk.SayAsync("tool", """[{"type":"tool_result","text":"rain","tool_call_id":"c2"}]""");
        await talk.AssistantAsync("Fine", status: "incomplete");

        var snapshot = await talk.ReadAsync(await talk.SharedAsync());
        Assert.DoesNotContain("hidden", snapshot.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("How is the weather in a place whose name is long e…", snapshot["title"]!.GetValue<string>());
        var items = snapshot["items"]!.AsArray();
        Assert.Equal(["message", "function_call", "function_call_output", "message", "message"], items.Select(item => item!["type"]!.GetValue<string>()));
        Assert.Equal("weather", items[1]!["name"]!.GetValue<string>());
        Assert.Equal("sun", items[2]!["output"]!.GetValue<string>());
        Assert.Equal("c2", items[3]!["content"]![0]!["tool_call_id"]!.GetValue<string>());
        Assert.Equal("incomplete", items[4]!["status"]!.GetValue<string>());
        Assert.All(items, item => Assert.Null(item!["id"]));
    }

    [Fact]
    public async Task One_answer_is_shared_with_its_question_or_without()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("first");
        var answer = await talk.AssistantAsync("first answer");
        var question = await talk.UserAsync("second");
        await talk.SayAsync("tool", """[{"type":"tool_result","text":"between"}]""");
        var second = await talk.AssistantAsync("second answer");
        var broken = await talk.AssistantAsync("broken", status: "incomplete");

        var whole = await talk.SharedAsync();
        var alone = await talk.SharedAsync(new { scope = "item", item_id = second.ToString(), title = "Mine" });
        Assert.Equal(second.ToString(), alone["item_id"]!.GetValue<string>());
        var snapshot = await talk.ReadAsync(alone);
        Assert.Equal(["second answer"], SharedTalk.Texts(snapshot));
        Assert.Equal("Mine", snapshot["title"]!.GetValue<string>());
        var asked = await talk.SharedAsync(new { scope = "item", item_id = second.ToString(), include_context_messages = true });
        Assert.Equal(["second", "second answer"], SharedTalk.Texts(await talk.ReadAsync(asked)));
        var earlier = await talk.SharedAsync(new { scope = "item", item_id = answer.ToString(), include_context_messages = true });
        Assert.Equal(["first", "first answer"], SharedTalk.Texts(await talk.ReadAsync(earlier)));
        await talk.ReadAsync(whole);

        foreach (var other in new[] { question, broken })
        {
            using var refused = await talk.ShareAsync(new { scope = "item", item_id = other.ToString() });
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_branch_can_be_named_and_its_name_in_the_query_counts()
    {
        using var talk = await SharedTalk.StartAsync(api);
        await talk.UserAsync("on main");
        await talk.SayAsync("user", """[{"type":"input_text","text":"on draft"}]""", branch: "draft");
        Assert.Equal(["on draft"], SharedTalk.Texts(await talk.ReadAsync(await talk.SharedAsync(new { scope = "conversation", branch = "draft" }))));
        using var response = await talk.ShareAsync(new { scope = "conversation", branch = "draft" }, "?branch=main");
        Assert.Equal(["on main"], SharedTalk.Texts(await talk.ReadAsync(JsonNode.Parse(await response.Content.ReadAsStringAsync())!)));
    }
}
