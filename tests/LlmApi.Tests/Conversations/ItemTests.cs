using System.Net;
using System.Text.Json.Nodes;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Items;

namespace JanServer.LlmApi.Tests.Conversations;

public class ItemTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task Items_are_added_listed_and_read_in_openais_form_with_the_references_keys()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        var added = await ann.PostAsync($"/{id}/items", """
            {"items":[
              {"type":"message","role":"user","content":[{"type":"input_text","text":"hi"},{"type":"input_image","image_url":"https://x.test/a.png","detail":"low"}]},
              {"role":"assistant","content":"hello","phase":"final_answer"},
              {"type":"function_call","call_id":"c1","name":"add","arguments":"{}"},
              {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"3"}]},
              {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"status":"incomplete"}]}
            """);
        Assert.Equal(("list", false), (added.Text("object"), added["has_more"]!.GetValue<bool>()));
        var items = added["data"]!.AsArray();
        Assert.Equal([1, 2, 3, 4, 5], items.Select(item => item!["sequence_number"]!.GetValue<int>()));
        Assert.All(items, item => Assert.StartsWith("msg_", item!.Text("id"), StringComparison.Ordinal));
        Assert.Equal(added.Text("first_id"), items[0]!.Text("id"));

        var read = (await ann.GetAsync($"/{id}/items?order=asc&include=reasoning.encrypted_content"))["data"]!.AsArray();
        Assert.Equal(items.Select(item => item!.ToJsonString()).Select(WithoutFractions), read.Select(item => item!.ToJsonString()).Select(WithoutFractions));
        var (user, assistant, call, output, reasoning) = (read[0]!, read[1]!, read[2]!, read[3]!, read[4]!);
        Assert.Equal(("message", "user", "completed", "MAIN"), (user.Text("type"), user.Text("role"), user.Text("status"), user.Text("branch")));
        Assert.Equal("""{"type":"input_text","text":"hi","input_text":"hi"}""", user["content"]![0]!.ToJsonString());
        Assert.Equal("https://x.test/a.png", user["content"]![1]!.Text("image_url"));
        Assert.Equal("""[{"type":"output_text","text":"hello","annotations":[]}]""", assistant["content"]!.ToJsonString());
        Assert.Equal("final_answer", assistant.Text("phase"));
        Assert.Equal(("c1", "add", "{}"), (call.Text("call_id"), call.Text("name"), call.Text("arguments")));
        Assert.Equal("3", output["output"]![0]!.Text("text"));
        Assert.Equal("hm", reasoning["summary"]![0]!.Text("text"));
        Assert.NotNull(reasoning["incomplete_at"]);
        Assert.Null(reasoning["completed_at"]);

        var one = await ann.GetAsync($"/{id}/items/{call.Text("id")}");
        Assert.Equal(call.ToJsonString(), one.ToJsonString());
    }

    [Fact]
    public async Task Ids_by_type_are_kept_and_found()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        var call = $"fc_{Id<ConversationItem>.New(TimeProvider.System).ToString()[4..]}";
        var search = $"ws_{Id<ConversationItem>.New(TimeProvider.System).ToString()[4..]}";
        var body = $$$"""
            {"items":[
              {"id":"{{{call}}}","type":"function_call","call_id":"c1","name":"add","arguments":"{}"},
              {"id":"{{{search}}}","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}},
              {"id":"fc_68af4030baa48193b0b43b4c2a176a1a0e6967589f080e78","type":"reasoning","summary":[]}]}
            """;
        var added = (await ann.PostAsync($"/{id}/items", body))["data"]!.AsArray();
        Assert.Equal([call, search], added.Take(2).Select(item => item!.Text("id")));
        Assert.StartsWith("msg_", added[2]!.Text("id"), StringComparison.Ordinal);
        Assert.Equal("q", added[1]!["action"]!.Text("query"));

        Assert.Equal(call, (await ann.GetAsync($"/{id}/items/{call}")).Text("id"));
        var rest = await ann.GetAsync($"/{id}/items?order=asc&after={call}");
        Assert.Equal(search, rest["data"]![0]!.Text("id"));
        Assert.Equal(search, (await ann.GetAsync($"/{id}/items?order=asc&limit=2")).Text("last_id"));
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items", body)).IsRefused(HttpStatusCode.Conflict, "items");
    }

    [Fact]
    public async Task A_made_image_may_be_large()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        var image = new string('A', 400_000);

        var added = await ann.PostAsync($"/{id}/items", $$"""{"items":[{"type":"image_generation_call","status":"completed","result":"{{image}}","size":"1x1"}]}""");

        Assert.Equal(image, added["data"]![0]!.Text("result"));
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items", $$"""{"items":[{"type":"image_generation_call","other":"{{image}}"}]}""")).IsRefused(HttpStatusCode.BadRequest, "items[0].other");
    }

    [Fact]
    public async Task The_references_parts_are_read()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        var items = (await ann.PostAsync($"/{id}/items", """
            {"items":[
              {"type":"message","role":"user","content":[{"type":"input_text","input_text":"a"},{"type":"text","text":{"text":"b"}}]},
              {"type":"message","role":"tool","content":[{"type":"tool_result","tool_result":"r","tool_call_id":"c"}],"call_id":"c"},
              {"type":"message","role":"assistant","content":[{"type":"output_text","output_text":{"text":"o","annotations":[{"type":"url_citation"}]}},
                {"type":"refusal","refusal":"no"},{"type":"tool_calls","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
                {"type":"image","image":{"url":"data:image/png;base64,AA","detail":"auto"}},{"type":"image","image":{"file_id":"jan_x"}},
                {"type":"file","file":{"file_id":"f","size":5}},{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}]}]}
            """))["data"]!.AsArray();
        Assert.Equal("""[{"type":"input_text","text":"a","input_text":"a"},{"type":"text","text":"b"}]""", items[0]!["content"]!.ToJsonString());
        Assert.Equal("""{"type":"tool_result","text":"r","tool_call_id":"c","tool_result":"r"}""", items[1]!["content"]![0]!.ToJsonString());
        var parts = items[2]!["content"]!.AsArray();
        Assert.Equal("""{"type":"output_text","text":"o","annotations":[{"type":"url_citation"}]}""", parts[0]!.ToJsonString());
        Assert.Equal("""{"type":"refusal","refusal":"no"}""", parts[1]!.ToJsonString());
        Assert.Equal("f", parts[2]!["tool_calls"]![0]!["function"]!.Text("name"));
        Assert.Equal("jan_x", parts[4]!["image"]!.Text("file_id"));
    }

    [Theory]
    [InlineData("""{}""", "items")]
    [InlineData("""{"items":[]}""", "items")]
    [InlineData("""{"items":[7]}""", "items[0]")]
    [InlineData("""{"items":[{}]}""", "items[0].type")]
    [InlineData("""{"items":[{"type":"magic"}]}""", "items[0].type")]
    [InlineData("""{"items":[{"type":"message","content":"x"}]}""", "items[0].role")]
    [InlineData("""{"items":[{"role":"king","content":"x"}]}""", "items[0].role")]
    [InlineData("""{"items":[{"role":"user"}]}""", "items[0].content")]
    [InlineData("""{"items":[{"role":"user","content":""}]}""", "items[0].content")]
    [InlineData("""{"items":[{"role":"user","content":[]}]}""", "items[0].content")]
    [InlineData("""{"items":[{"role":"user","content":7}]}""", "items[0].content")]
    [InlineData("""{"items":[{"role":"user","content":"x","status":"odd"}]}""", "items[0].status")]
    [InlineData("""{"items":[{"role":"user","content":"x"},{"role":"user","content":[{"type":"input_text","text":""}]}]}""", "items[1].content[0].text")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"input_text","input_text":""}]}]}""", "items[0].content[0].input_text")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"input_text"}]}]}""", "items[0].content[0].text")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"input_text","text":7}]}]}""", "items[0].content[0].text")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"input_text","text":"\u0000"}]}]}""", "items[0].content[0].text")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"input_text","text":"\ud83d"}]}]}""", "items[0].content[0].text")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"magic","text":"x"}]}]}""", "items[0].content[0].type")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"mcp_call","text":"x"}]}]}""", "items[0].content[0].type")]
    [InlineData("""{"items":[{"role":"user","content":[{"text":"x"}]}]}""", "items[0].content[0].type")]
    [InlineData("""{"items":[{"role":"user","content":["x"]}]}""", "items[0].content[0]")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"image","image":{"url":"https://x","file_id":"y"}}]}]}""", "items[0].content[0].image")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"image","image":{"url":"ftp://x"}}]}]}""", "items[0].content[0].image.url")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"image"}]}]}""", "items[0].content[0].image")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"input_image","image_url":"https://x","detail":"odd"}]}]}""", "items[0].content[0].detail")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"file","file":{"size":1}}]}]}""", "items[0].content[0].file.file_id")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"file","file":{"file_id":"f","size":536870913}}]}]}""", "items[0].content[0].file.size")]
    [InlineData("""{"items":[{"role":"user","content":[{"type":"input_audio","input_audio":{"format":"ogg"}}]}]}""", "items[0].content[0].input_audio.format")]
    [InlineData("""{"items":[{"type":"function_call","call_id":"c","name":"f"}]}""", "items[0].arguments")]
    [InlineData("""{"items":[{"type":"function_call_output","output":"x"}]}""", "items[0].call_id")]
    [InlineData("""{"items":[{"type":"function_call_output","call_id":"","output":"x"}]}""", "items[0].call_id")]
    public async Task A_bad_item_is_named_by_its_path(string body, string param)
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items", body)).IsRefused(HttpStatusCode.BadRequest, param);
        if (param.StartsWith("items[", StringComparison.Ordinal))
        {
            (await ann.SendAsync(HttpMethod.Post, "", body)).IsRefused(HttpStatusCode.BadRequest, param);
        }

        Assert.Empty(await ann.SaidAsync(id));
    }

    [Fact]
    public async Task Twenty_items_may_come_at_once_and_long_text_is_counted_in_characters()
    {
        using var ann = new Talk(api);
        Assert.Equal(20, (await ann.SaidAsync(await ann.StartAsync([.. Enumerable.Repeat("x", 20)]))).Count);
        var many = string.Join(',', Enumerable.Repeat("""{"role":"user","content":"x"}""", 21));
        (await ann.SendAsync(HttpMethod.Post, "", $$"""{"items":[{{many}}]}""")).IsRefused(HttpStatusCode.BadRequest, "items");
        var fits = string.Concat(Enumerable.Repeat("\U0001F600", 100_000));
        var id = await ann.StartAsync(fits);
        Assert.Equal([fits], await ann.TextsAsync(id));
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items", $$"""{"items":[{"role":"user","content":"{{fits}}x"}]}"""))
            .IsRefused(HttpStatusCode.BadRequest, "items[0].content");
    }

    [Fact]
    public async Task An_id_of_ours_is_kept_once_and_others_are_replaced()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        var mine = Id<ConversationItem>.New(TimeProvider.System).ToString();
        string Body(string first) => $$"""{"items":[{"id":"{{first}}","role":"user","content":"a"},{"role":"user","content":"b"}]}""";
        Assert.Equal(mine, (await ann.PostAsync($"/{id}/items", Body(mine)))["data"]![0]!.Text("id"));
        Assert.NotEqual("msg_abc", (await ann.PostAsync($"/{id}/items", Body("msg_abc")))["data"]![0]!.Text("id"));
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items", Body(mine))).IsRefused(HttpStatusCode.Conflict, "items");
        (await ann.SendAsync(HttpMethod.Post, "", Body(mine))).IsRefused(HttpStatusCode.Conflict, "items");
        using var bob = new Talk(api);
        (await bob.SendAsync(HttpMethod.Post, "", Body(mine))).IsRefused(HttpStatusCode.Conflict, "items");
        Assert.Empty((await bob.GetAsync(""))["data"]!.AsArray());
        Assert.Equal(4, (await ann.SaidAsync(id)).Count);
        var twice = $$"""{"id":"{{Id<ConversationItem>.New(TimeProvider.System)}}","role":"user","content":"a"}""";
        (await ann.SendAsync(HttpMethod.Post, $"/{id}/items", $$"""{"items":[{{twice}},{{twice}}]}""")).IsRefused(HttpStatusCode.BadRequest, "items[1].id");
    }

    [Fact]
    public async Task Two_appends_at_once_keep_their_order_and_places()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => ann.PostAsync(
            $"/{id}/items", $$"""{"items":[{"role":"user","content":"{{n}}a"},{"role":"user","content":"{{n}}b"}]}""")));
        var texts = await ann.TextsAsync(id);
        Assert.Equal(12, texts.Length);
        for (var i = 0; i < texts.Length; i += 2)
        {
            Assert.Equal((texts[i][0], 'a', 'b'), (texts[i + 1][0], texts[i][1], texts[i + 1][1]));
        }

        Assert.Equal(12, (await ann.GetAsync($"/{id}/branches/MAIN"))["item_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Items_are_paged_while_others_are_added()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("1", "2", "3", "4", "5");
        var page = await ann.GetAsync($"/{id}/items?limit=2");
        Assert.Equal(["5", "4"], Texts(page));
        Assert.True(page["has_more"]!.GetValue<bool>());
        await ann.PostAsync($"/{id}/items", """{"items":[{"role":"user","content":"6"}]}""");
        Assert.Equal(["3", "2"], Texts(await ann.GetAsync($"/{id}/items?limit=2&after={page.Text("last_id")}")));
        var up = await ann.GetAsync($"/{id}/items?limit=4&order=asc");
        Assert.Equal(["1", "2", "3", "4"], Texts(up));
        up = await ann.GetAsync($"/{id}/items?limit=4&order=asc&after={up.Text("last_id")}");
        Assert.Equal(["5", "6"], Texts(up));
        Assert.False(up["has_more"]!.GetValue<bool>());
        (await ann.SendAsync(HttpMethod.Get, $"/{id}/items?after=msg_nope")).IsRefused(HttpStatusCode.BadRequest, "after");
        (await ann.SendAsync(HttpMethod.Get, $"/{id}/items?limit=101")).IsRefused(HttpStatusCode.BadRequest, "limit");
        (await ann.SendAsync(HttpMethod.Get, $"/{id}/items?branch=nope")).IsRefused(HttpStatusCode.NotFound, "branch");
    }

    [Fact]
    public async Task An_answer_is_rated_anew_and_no_more()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("hi", "hello");
        var item = (await ann.SaidAsync(id))[1].Id;
        async Task<JsonNode> Rate(string body)
        {
            var (status, rated) = await ann.SendAsync(HttpMethod.Put, $"/{id}/items/{item}/rating", body);
            Assert.Equal(HttpStatusCode.OK, status);
            return rated;
        }

        Assert.Equal("like", (await Rate("""{"rating":"like","comment":"good"}""")).Text("rating"));
        await Rate("""{"rating":"unlike"}""");
        var shown = (await ann.GetAsync($"/{id}/items"))["data"]![0]!;
        Assert.Equal("unlike", shown.Text("rating"));
        Assert.NotNull(shown["rated_at"]);
        Assert.Null(shown["rating_comment"]);
        Assert.Null((await ann.DeleteAsync($"/{id}/items/{item}/rating"))["rating"]);
        Assert.Null((await ann.GetAsync($"/{id}/items/{item}"))["rated_at"]);
        (await ann.SendAsync(HttpMethod.Put, $"/{id}/items/{item}/rating", """{"rating":"great"}""")).IsRefused(HttpStatusCode.BadRequest, "rating");
        (await ann.SendAsync(HttpMethod.Put, $"/{id}/items/{item}/rating", "{}")).IsRefused(HttpStatusCode.BadRequest, "rating");
        (await ann.SendAsync(HttpMethod.Put, $"/{id}/items/{item}/rating", $$"""{"rating":"like","comment":"{{new string('x', 4097)}}"}"""))
            .IsRefused(HttpStatusCode.BadRequest, "comment");
    }

    [Fact]
    public async Task What_became_of_a_call_is_said_by_its_id_on_the_active_branch()
    {
        using var ann = new Talk(api);
        var id = await ann.StartAsync("search");
        var call = (await ann.PostAsync($"/{id}/items", """{"items":[{"type":"mcp_call","role":"tool","call_id":"call 1","name":"search","arguments":"{}"}]}"""))["data"]![0]!;
        Assert.Equal("in_progress", call.Text("status"));

        // The same call on another branch, which is the active one.
        await ann.PostAsync($"/{id}/branches", """{"name":"other"}""");
        await ann.PostAsync($"/{id}/branches/other/activate");
        var active = (await ann.PostAsync($"/{id}/items", """{"items":[{"type":"mcp_call","call_id":"call 1"}]}"""))["data"]![0]!;
        var path = $"/{id}/items/by-call-id/{Uri.EscapeDataString("call 1")}";
        var (status, done) = await ann.SendAsync(HttpMethod.Patch, path, """{"status":"completed","output":"found","name":"search","server_label":"Jan"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((active.Text("id"), "completed", "found", "search", "Jan"), (done.Text("id"), done.Text("status"), done.Text("output"), done.Text("name"), done.Text("server_label")));
        Assert.NotNull(done["completed_at"]);
        var shown = await ann.GetAsync($"/{id}/items/{active.Text("id")}");
        Assert.Equal("""[{"type":"mcp_call","text":"found","tool_call_id":"call 1","mcp_call":"found"}]""", shown["content"]!.ToJsonString());
        Assert.Equal("in_progress", (await ann.GetAsync($"/{id}/items/{call.Text("id")}")).Text("status"));

        (await ann.SendAsync(HttpMethod.Patch, path, """{"output":"x"}""")).IsRefused(HttpStatusCode.BadRequest, "status");
        (await ann.SendAsync(HttpMethod.Patch, path, """{"status":"odd"}""")).IsRefused(HttpStatusCode.BadRequest, "status");
        (await ann.SendAsync(HttpMethod.Patch, path, $$"""{"status":"failed","error":"{{new string('x', 1_000_001)}}"}""")).IsRefused(HttpStatusCode.BadRequest, "error");
        (await ann.SendAsync(HttpMethod.Patch, $"/{id}/items/by-call-id/nope", """{"status":"failed"}""")).IsRefused(HttpStatusCode.NotFound);
    }

    private static string[] Texts(JsonNode list) => [.. list["data"]!.AsArray().Select(item => item!["content"]![0]!.Text("text"))];

    // The database keeps microseconds, an answer to the one who made an item has ticks.
    private static string WithoutFractions(string json) => System.Text.RegularExpressions.Regex.Replace(json, @"(T\d\d:\d\d:\d\d)\.\d+", "$1");
}
