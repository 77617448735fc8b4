using System.Net;
using System.Text.Json;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.Responses;

public sealed class ResponseTests(ResponseService service) : IClassFixture<ResponseService>
{
    [Fact]
    public async Task A_response_is_answered_stored_and_read_again()
    {
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Hello", " you");

        var made = await client.RespondAsync(new { model = "m", input = "Hi", metadata = new { a = "b" } }).JsonAsync();
        Assert.Equal("completed", made.Text("status"));
        Assert.Equal("Hello you", made.OutputText());
        Assert.StartsWith("resp_", made.Text("id"), StringComparison.Ordinal);

        var read = await client.AskAsync($"/v1/responses/{made.Text("id")}").JsonAsync();
        Assert.Equal("Hello you", read.OutputText());
        Assert.Equal("b", read.GetProperty("metadata").Text("a"));
        Assert.True(read.GetProperty("completed_at").GetInt64() > 0);
        Assert.Equal(made.GetProperty("usage").GetRawText(), read.GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task Nobody_else_finds_it_and_what_is_unknown_is_404()
    {
        var owner = TestCallers.User();
        using var client = service.ClientFor(owner);
        using var stranger = service.ClientFor(TestCallers.User());
        using var elsewhere = service.ClientFor(owner with { ProjectId = TestCallers.User().ProjectId });
        service.Llm.Says("Mine");
        var id = (await client.RespondAsync(new { model = "m", input = "Hi" }).JsonAsync()).Text("id");

        foreach (var other in (HttpClient[])[stranger, elsewhere])
        {
            await IsHiddenAsync(other, id);
        }

        await client.AskAsync($"/v1/responses/{id}").JsonAsync();
    }

    [Fact]
    public async Task A_key_without_the_scope_is_refused()
    {
        using var client = service.ClientFor(TestCallers.User().ByApiKey("media"));
        await client.AskAsync("/v1/responses").ErrorAsync(HttpStatusCode.Forbidden);
        await client.AskAsync("/v1/webhooks").ErrorAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("""{"input":"x"}""", "model")]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":"x","background":true,"store":false}""", "background")]
    [InlineData("""{"model":"m","input":"x","metadata":{"webhook_url":"file:///etc/passwd"}}""", "metadata.webhook_url")]
    [InlineData("""{"model":"m","input":[{"type":"item_reference","id":"msg_unknown"}]}""", "input[0].id", 404)]
    [InlineData("""{"model":"m","input":[{"type":"compaction","encrypted_content":"AAAA"}]}""", "input[0].encrypted_content")]
    public async Task What_is_wrong_is_named(string body, string param, int status = 400)
    {
        using var client = service.ClientFor(TestCallers.User());
        await client.RespondAsync(JsonElement.Parse(body)).ErrorAsync((HttpStatusCode)status, param);
    }

    [Fact]
    public async Task What_is_not_stored_leaves_nothing()
    {
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Gone");

        var made = await client.RespondAsync(new { model = "m", input = "Hi", store = false }).JsonAsync();

        Assert.Equal("Gone", made.OutputText());
        await client.AskAsync($"/v1/responses/{made.Text("id")}").ErrorAsync(HttpStatusCode.NotFound);
        var error = await client.RespondAsync(new { model = "m", input = "And?", previous_response_id = made.Text("id") })
            .ErrorAsync(HttpStatusCode.BadRequest, "previous_response_id");
        Assert.Equal("previous_response_not_found", error.Text("code"));
    }

    [Fact]
    public async Task A_deleted_response_is_gone_with_everything()
    {
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("One");
        var id = (await client.RespondAsync(new { model = "m", input = "Hi" }).JsonAsync()).Text("id");

        var deleted = await client.DropAsync($"/v1/responses/{id}").JsonAsync();

        Assert.Equal($$"""{"id":"{{id}}","object":"response","deleted":true}""", deleted.GetRawText());
        await client.AskAsync($"/v1/responses/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await client.DropAsync($"/v1/responses/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await client.RespondAsync(new { model = "m", input = "x", previous_response_id = id }).ErrorAsync(HttpStatusCode.BadRequest, "previous_response_id");
    }

    [Fact]
    public async Task Lists_are_pages_with_filters()
    {
        using var client = service.ClientFor(TestCallers.User());
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            service.Llm.Says("x");
            ids.Add((await client.RespondAsync(new { model = $"m{i % 2}", input = "Hi" }).JsonAsync()).Text("id"));
        }

        var first = await client.AskAsync("/v1/responses?limit=2").JsonAsync();
        Assert.True(first.GetProperty("has_more").GetBoolean());
        Assert.Equal([ids[2], ids[1]], first.GetProperty("data").EnumerateArray().Select(one => one.Text("id")));
        var rest = await client.AskAsync($"/v1/responses?limit=2&after={first.Text("last_id")}").JsonAsync();
        Assert.Equal([ids[0]], rest.GetProperty("data").EnumerateArray().Select(one => one.Text("id")));
        Assert.False(rest.GetProperty("has_more").GetBoolean());
        var filtered = await client.AskAsync("/v1/responses?model=m0&order=asc&status=completed&background=false").JsonAsync();
        Assert.Equal([ids[0], ids[2]], filtered.GetProperty("data").EnumerateArray().Select(one => one.Text("id")));
        await client.AskAsync("/v1/responses?status=bad").ErrorAsync(HttpStatusCode.BadRequest, "status");
        await client.AskAsync("/v1/responses?model=%00").ErrorAsync(HttpStatusCode.BadRequest, "model");
        Assert.Empty((await client.AskAsync("/v1/responses?after=nonsense").JsonAsync()).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Events_come_as_they_happen_with_their_names()
    {
        using var client = service.ClientFor(TestCallers.User());
        var more = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("one"));
            await more.Task;
            await OpenAIShapes.StreamAsync(exchange, "two");
        });

        using var stream = await client.StreamAsync(new { model = "m", input = "Hi", stream = true });
        var types = new List<string>();
        long number = 0;
        while (await stream.NextAsync() is { } happened)
        {
            Assert.Equal(happened.Event, (string?)happened.Json["type"]);
            Assert.Equal(number++, (long)happened.Json["sequence_number"]!);
            types.Add(happened.Event!);
            if (happened.Event == "response.output_text.delta")
            {
                more.TrySetResult();
            }
        }

        Assert.Equal(["response.created", "response.in_progress", "response.output_item.added"], types[..3]);
        Assert.Equal("response.completed", types[^1]);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_model_and_what_was_made_is_stored()
    {
        using var client = service.ClientFor(TestCallers.User());
        var gone = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("half"));
            await exchange.ClientGone;
            gone.SetResult();
        });

        string id;
        using (var stream = await client.StreamAsync(new { model = "m", input = "Hi", stream = true }))
        {
            id = (string)(await stream.NextAsync())!.Json["response"]!["id"]!;
            while ((await stream.NextAsync())!.Event != "response.output_text.delta")
            {
            }
        }

        await gone.Task.Soon();
        await client.BecomesAsync(id, "cancelled");
    }

    [Fact]
    public async Task A_response_whose_client_waits_can_be_cancelled_too()
    {
        using var client = service.ClientFor(TestCallers.User());
        var gone = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("half"));
            await exchange.ClientGone;
            gone.SetResult();
        });
        using var stream = await client.StreamAsync(new { model = "m", input = "Hi", stream = true });
        var id = (string)(await stream.NextAsync())!.Json["response"]!["id"]!;
        while ((await stream.NextAsync())!.Event != "response.output_text.delta")
        {
        }

        Assert.Equal("cancelled", (await client.PokeAsync($"/v1/responses/{id}/cancel").JsonAsync()).Text("status"));

        await gone.Task.Soon();
        var last = (await stream.RestAsync())[^1];
        Assert.Equal(("response.incomplete", "cancelled"), (last.Event, (string)last.Json["response"]!["status"]!));
        await client.BecomesAsync(id, "cancelled");
    }

    [Fact]
    public async Task Cancelling_what_has_ended_changes_nothing()
    {
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Done");
        var id = (await client.RespondAsync(new { model = "m", input = "Hi" }).JsonAsync()).Text("id");

        Assert.Equal("completed", (await client.PokeAsync($"/v1/responses/{id}/cancel").JsonAsync()).Text("status"));
        Assert.Equal("completed", (await client.AskAsync($"/v1/responses/{id}").JsonAsync()).Text("status"));
        await client.PokeAsync("/v1/responses/resp_nothing/cancel").ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_model_that_is_unknown_is_an_error_and_a_failed_response()
    {
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.NextChat(exchange => exchange.ErrorAsync(404, "model_not_found", "No such model."));

        await client.RespondAsync(new { model = "nothing", input = "Hi" }).ErrorAsync(HttpStatusCode.NotFound, "model");

        var stored = (await client.AskAsync("/v1/responses").JsonAsync()).GetProperty("data")[0];
        Assert.Equal("failed", stored.Text("status"));
        Assert.True(stored.GetProperty("failed_at").GetInt64() > 0);
    }

    [Fact]
    public async Task Events_of_what_did_not_run_in_the_background_are_not_kept()
    {
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Done");
        var id = (await client.RespondAsync(new { model = "m", input = "Hi" }).JsonAsync()).Text("id");

        await client.AskAsync($"/v1/responses/{id}?stream=true").ErrorAsync(HttpStatusCode.BadRequest, "stream");
        await client.AskAsync($"/v1/responses/{id}?starting_after=3").ErrorAsync(HttpStatusCode.BadRequest, "starting_after");
    }

    [Fact]
    public async Task A_response_whose_replica_is_gone_has_failed()
    {
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Done");
        var id = (await client.RespondAsync(new { model = "m", input = "Hi" }).JsonAsync()).Text("id");
        await service.Database.ExecuteAsync(
            $"UPDATE responses SET status = 'in_progress', ended_at = NULL, lease_until = now() - interval '1 second' WHERE id = (SELECT id FROM responses ORDER BY id DESC LIMIT 1)");

        var failed = await client.BecomesAsync(id, "failed");
        Assert.Equal("server_error", failed.GetProperty("error").Text("code"));
    }

    private static async Task IsHiddenAsync(HttpClient other, string id)
    {
        foreach (var path in (string[])[$"/v1/responses/{id}", $"/v1/responses/{id}/input_items", "/v1/responses/resp_unknown"])
        {
            await other.AskAsync(path).ErrorAsync(HttpStatusCode.NotFound);
        }

        await other.DropAsync($"/v1/responses/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await other.PokeAsync($"/v1/responses/{id}/cancel").ErrorAsync(HttpStatusCode.NotFound);
        await other.RespondAsync(new { model = "m", input = "Hi", previous_response_id = id }).ErrorAsync(HttpStatusCode.BadRequest, "previous_response_id");
        Assert.Empty((await other.AskAsync("/v1/responses").JsonAsync()).GetProperty("data").EnumerateArray());
    }
}
