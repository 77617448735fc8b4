using System.Net;
using System.Text.Json.Nodes;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ResponseApi.Tests.Contexts;

public sealed class ContextTests
{
    [Fact]
    public async Task A_chain_of_responses_is_what_the_model_is_shown()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        string? previous = null;
        foreach (var word in (string[])["one", "two", "three"])
        {
            service.Llm.Says($"{word}!");
            previous = (await client.RespondAsync(new { model = "m", input = word, previous_response_id = previous, instructions = $"be {word}" }).JsonAsync()).Text("id");
        }

        var messages = service.Llm.Requests.Last().Json["messages"]!.AsArray();
        Assert.Equal(
            ["system:be three", "user:one", "assistant:one!", "user:two", "assistant:two!", "user:three"],
            messages.Select(message => $"{message!["role"]}:{TextOf(message["content"]!)}"));

        var items = (await client.AskAsync($"/v1/responses/{previous}/input_items?order=asc").JsonAsync()).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(5, items.Count);
        var page = await client.AskAsync($"/v1/responses/{previous}/input_items?limit=2&after={items[4].Text("id")}").JsonAsync();
        Assert.Equal([items[3].Text("id"), items[2].Text("id")], page.GetProperty("data").EnumerateArray().Select(item => item.Text("id")));
        Assert.True(page.GetProperty("has_more").GetBoolean());
        await client.AskAsync($"/v1/responses/{previous}/input_items?after=msg_unknown").ErrorAsync(HttpStatusCode.BadRequest, "after");
    }

    [Fact]
    public async Task A_response_before_the_previous_one_that_is_deleted_is_missed()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("1");
        service.Llm.Says("2");
        var first = (await client.RespondAsync(new { model = "m", input = "one" }).JsonAsync()).Text("id");
        var second = (await client.RespondAsync(new { model = "m", input = "two", previous_response_id = first }).JsonAsync()).Text("id");
        await client.DropAsync($"/v1/responses/{first}").JsonAsync();

        await client.RespondAsync(new { model = "m", input = "three", previous_response_id = second })
            .ErrorAsync(HttpStatusCode.BadRequest, "previous_response_id");
    }

    [Fact]
    public async Task A_response_that_has_not_ended_cannot_be_continued()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        using var client = service.ClientFor(TestCallers.User());
        var id = (await client.RespondAsync(new { model = "m", input = "one", background = true }).JsonAsync()).Text("id");

        await client.RespondAsync(new { model = "m", input = "two", previous_response_id = id }).ErrorAsync(HttpStatusCode.BadRequest, "previous_response_id");
    }

    [Fact]
    public async Task A_reference_stands_for_the_item_of_a_stored_response()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        using var other = service.ClientFor(TestCallers.User());
        service.Llm.Says("I am item");
        var item = (await client.RespondAsync(new { model = "m", input = "one" }).JsonAsync()).GetProperty("output")[0].Text("id");
        service.Llm.Says("ok");

        var input = new object[] { new { type = "item_reference", id = item }, new { role = "user", content = "go on" } };
        await client.RespondAsync(new { model = "m", input }).JsonAsync();

        var messages = service.Llm.Requests.Last().Json["messages"]!.AsArray();
        Assert.Equal(["assistant:I am item", "user:go on"], messages.Select(message => $"{message!["role"]}:{TextOf(message["content"]!)}"));
        await other.RespondAsync(new { model = "m", input }).ErrorAsync(HttpStatusCode.NotFound, "input[0].id");
    }

    [Fact]
    public async Task A_conversation_is_shown_to_the_model_and_gets_what_is_new()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        var added = Conversation(service, """{"id":"msg_1","object":"conversation.item","type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":"before"}],"branch":"MAIN","sequence_number":1}""");
        service.Llm.Says("after");

        var made = await client.RespondAsync(new { model = "m", input = "now", conversation = new { id = "conv_x" } }).JsonAsync();

        Assert.Equal("conv_x", made.GetProperty("conversation").Text("id"));
        var messages = service.Llm.Requests.Single(request => request.Path == "/v1/chat/completions").Json["messages"]!.AsArray();
        Assert.Equal(["user:before", "user:now"], messages.Select(message => $"{message!["role"]}:{TextOf(message["content"]!)}"));
        Assert.Equal(["user", "assistant"], added.Select(item => (string)item["role"]!));
        Assert.Equal(made.GetProperty("output")[0].Text("id"), (string)added[1]["id"]!);
        Assert.Equal(0, await service.Database.ScalarAsync<long>("SELECT count(*) FROM conversation_appends"));
    }

    [Fact]
    public async Task Items_that_could_not_be_added_are_added_later_once()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        var down = true;
        var added = Conversation(service, existing: null, () => down);
        service.Llm.Says("after");
        await client.RespondAsync(new { model = "m", input = "now", conversation = "conv_x", store = false }).JsonAsync();
        Assert.Empty(added);
        Assert.Equal(1, await service.Database.ScalarAsync<long>("SELECT count(*) FROM conversation_appends"));

        // The next turn knows of it all the same.
        service.Llm.Says("again");
        await client.RespondAsync(new { model = "m", input = "and", conversation = "conv_x", store = false }).JsonAsync();
        var messages = service.Llm.Requests.Last(request => request.Path == "/v1/chat/completions").Json["messages"]!.AsArray();
        Assert.Equal(["user:now", "assistant:after", "user:and"], messages.Select(message => $"{message!["role"]}:{TextOf(message["content"]!)}"));

        down = false;
        await service.Database.ExecuteAsync("UPDATE conversation_appends SET next_attempt_at = now()");
        await service.Services.GetRequiredService<ConversationAppends>().RunDueAsync(default);

        Assert.Equal(["now", "after", "and", "again"], added.Select(item => TextOf(item["content"]!)));
        Assert.Equal(0, await service.Database.ScalarAsync<long>("SELECT count(*) FROM conversation_appends"));
    }

    [Fact]
    public async Task What_was_never_answered_is_not_added()
    {
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        using var client = service.ClientFor(TestCallers.User());
        var added = Conversation(service, existing: null);
        var id = (await client.RespondAsync(new { model = "m", input = "now", conversation = "conv_x", background = true }).JsonAsync()).Text("id");
        await client.PokeAsync($"/v1/responses/{id}/cancel").JsonAsync();
        service.Llm.NextChat(exchange => exchange.ErrorAsync(404, "model_not_found", "No."));
        await client.RespondAsync(new { model = "m", input = "now", conversation = "conv_x" }).JsonAsync(HttpStatusCode.NotFound);

        await service.Services.GetRequiredService<ConversationAppends>().RunDueAsync(default);

        Assert.Empty(added);
    }

    [Fact]
    public async Task Items_that_are_there_already_are_no_failure()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Always("/v1/conversations/conv_x/items", exchange => exchange.Request.Method == "GET"
            ? exchange.JsonAsync("""{"object":"list","data":[],"has_more":false}""")
            : exchange.ErrorAsync(409, "conflict", "There."));
        service.Llm.Says("after");

        await client.RespondAsync(new { model = "m", input = "now", conversation = "conv_x" }).JsonAsync();

        Assert.Equal(0, await service.Database.ScalarAsync<long>("SELECT count(*) FROM conversation_appends"));
    }

    [Fact]
    public async Task A_conversation_that_is_unknown_is_404()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Always("/v1/conversations/conv_x/items", exchange => exchange.ErrorAsync(404, "not_found", "No."));

        await client.RespondAsync(new { model = "m", input = "now", conversation = "conv_x" }).ErrorAsync(HttpStatusCode.NotFound, "conversation");
    }

    /// <summary>A conversation of llm-api; what is added to it goes to the list that is returned.</summary>
    private static List<JsonNode> Conversation(ResponseService service, string? existing, Func<bool>? isDown = null)
    {
        var added = new List<JsonNode>();
        service.Llm.Always("/v1/conversations/conv_x/items", exchange =>
        {
            if (exchange.Request.Method == "GET")
            {
                return exchange.JsonAsync($$"""{"object":"list","data":[{{existing}}],"has_more":false,"last_id":"msg_1"}""");
            }

            if (isDown?.Invoke() == true)
            {
                return exchange.ErrorAsync(503, "service_unavailable", "Down.");
            }

            added.AddRange(exchange.Request.Json["items"]!.AsArray().Select(item => item!));
            return exchange.JsonAsync("""{"object":"list","data":[],"has_more":false}""");
        });
        return added;
    }

    private static string TextOf(JsonNode content) =>
        content is JsonArray parts ? string.Concat(parts.Select(part => (string)part!["text"]!)) : (string)content!;
}
