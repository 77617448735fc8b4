using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Images;

public sealed class GenerationTests(ImageFactory api) : IClassFixture<ImageFactory>
{
    private const string Path = "/v1/images/generations";
    private const string Cat = """{"model":"vendor/model","prompt":"a cat"}""";

    [Fact]
    public async Task Images_are_stored_and_returned_as_links_with_what_the_provider_counted()
    {
        api.Upstream.Next(Path, exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png, ImageFactory.Png)));
        using var client = api.Client();

        var answer = await client.PostAsync(
            Path, """{"model":"vendor/model","prompt":"a dog","n":2,"size":"1024x1024","seed":7,"cfg_scale":1.5,"store":false}""").JsonAsync();

        var data = answer.GetProperty("data");
        Assert.Equal(2, data.GetArrayLength());
        Assert.Equal(ImageFactory.StoredId, data[0].GetProperty("id").GetString());
        Assert.Equal(ImageFactory.StoredUrl, data[0].GetProperty("url").GetString());
        Assert.False(data[0].TryGetProperty("b64_json", out _));
        Assert.Equal(211, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());

        var sent = api.Upstream.Requests.Last(request => request.Text.Contains("a dog", StringComparison.Ordinal)).Json.AsObject();
        Assert.Equal("fake-model", sent["model"]!.GetValue<string>());
        Assert.Equal("b64_json", sent["response_format"]!.GetValue<string>());
        Assert.Equal("1.5", sent["cfg_scale"]!.ToJsonString());
        Assert.Equal(["cfg_scale", "model", "n", "prompt", "response_format", "seed", "size"], sent.Select(member => member.Key).Order());
    }

    [Fact]
    public async Task Images_can_be_had_as_base64_and_are_then_not_stored()
    {
        api.Upstream.Next(Path, exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png)));
        var before = api.MediaApi.Requests.Count(request => request.Path == "/v1/media/upload");
        using var client = api.Client();

        var answer = await client.PostAsync(Path, """{"model":"vendor/model","prompt":"x","response_format":"b64_json"}""").JsonAsync();

        Assert.Equal(ImageFactory.Png, answer.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64());
        Assert.Equal(before, api.MediaApi.Requests.Count(request => request.Path == "/v1/media/upload"));
    }

    [Fact]
    public async Task An_image_that_cannot_be_stored_is_not_lost()
    {
        api.Upstream.Next(Path, exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png)));
        api.MediaApi.Next("/v1/media/upload", exchange => exchange.ErrorAsync(503, "x", "down"));
        using var client = api.Client();

        var answer = await client.PostAsync(Path, Cat).JsonAsync();

        Assert.Equal(ImageFactory.Png, answer.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64());
    }

    [Theory]
    [InlineData("""{"prompt":"x"}""", "model", 400)]
    [InlineData("""{"model":"nobody/nothing","prompt":"x"}""", "model", 404)]
    [InlineData("""{"model":"vendor/model"}""", "prompt", 400)]
    [InlineData("""{"model":"vendor/model","prompt":" "}""", "prompt", 400)]
    [InlineData("""{"model":"vendor/model","prompt":7}""", "prompt", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","n":0}""", "n", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","n":11}""", "n", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","n":"2"}""", "n", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","n":1.5}""", "n", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","size":"huge"}""", "size", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","size":"9999x9999"}""", "size", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","size":"original"}""", "size", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","quality":"best"}""", "quality", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","style":5}""", "style", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","response_format":"gif"}""", "response_format", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","stream":true}""", "stream", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","store":"yes"}""", "store", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","conversation":5}""", "conversation", 400)]
    [InlineData("""{"model":"vendor/model","prompt":"x","provider_id":"other"}""", "provider_id", 400)]
    [InlineData("""{"model":"vendor/model","model":"x","prompt":"x"}""", null, 400)]
    [InlineData("[]", null, 400)]
    public async Task A_bad_request_is_refused_by_the_field_at_fault(string body, string? param, int status)
    {
        using var client = api.Client();

        await client.PostAsync(Path, body).RefusedAsync(status, param);
    }

    [Fact]
    public async Task What_a_provider_refuses_is_passed_on_and_what_it_fails_at_is_its_failure()
    {
        api.Upstream.Next(Path, exchange => exchange.ErrorAsync(400, "content_policy_violation", "No such pictures."));
        using var client = api.Client();
        var refused = await client.PostAsync(Path, Cat).JsonAsync(400);
        Assert.Equal("No such pictures.", refused.GetProperty("error").GetProperty("message").GetString());

        api.Upstream.Next(Path, exchange => exchange.ErrorAsync(500, "x", "x"));
        await client.PostAsync(Path, Cat).JsonAsync(502);

        api.Upstream.Next(Path, exchange => exchange.JsonAsync("""{"data":[]}"""));
        await client.PostAsync(Path, Cat).JsonAsync(502);
    }

    [Fact]
    public async Task A_link_of_the_provider_is_read_through_the_guarded_client()
    {
        using var client = api.Client();
        api.Upstream.Next(Path, exchange => exchange.JsonAsync($$"""{"data":[{"url":"{{api.Address("/photo.png")}}","revised_prompt":"r"}]}"""));
        var stored = await client.PostAsync(Path, Cat).JsonAsync();
        Assert.Equal(ImageFactory.StoredId, stored.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal("r", stored.GetProperty("data")[0].GetProperty("revised_prompt").GetString());

        api.Upstream.Next(Path, exchange => exchange.JsonAsync($$"""{"data":[{"url":"http://127.0.0.1:{{api.MediaApi.BaseAddress.Port}}/photo.png"}]}"""));
        await client.PostAsync(Path, Cat).JsonAsync(502);
    }

    [Fact]
    public async Task What_was_made_is_in_the_ledger()
    {
        var ann = TestCallers.User();
        api.Upstream.Next(Path, exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png, ImageFactory.Png)));
        using var client = api.ClientFor(ann);

        await client.PostAsync(Path, Cat).JsonAsync();

        await Eventually.True(async () =>
        {
            await using var command = api.Database.DataSource.CreateCommand(
                "SELECT count(*) FROM usage_records WHERE user_id = $1 AND operation = 'image' AND status = 'ok' AND images = 2 AND total_tokens = 211 AND NOT estimated");
            command.Parameters.AddWithValue(ann.UserId.Value);
            return (long)(await command.ExecuteScalarAsync())! == 1;
        });
    }

    [Theory]
    [InlineData("url")]
    [InlineData("b64_json")]
    public async Task Prompt_and_image_become_items_of_the_conversation(string form)
    {
        var ann = TestCallers.User();
        var conversation = await NewConversationAsync(ann);
        api.Upstream.Next(Path, exchange => exchange.JsonAsync(OpenAIShapes.Images(ImageFactory.Png)));
        using var client = api.ClientFor(ann);

        var answer = await client.PostAsync(
            Path, $$$"""{"model":"vendor/model","prompt":"a cat","response_format":"{{{form}}}","conversation":{"id":"{{{conversation}}}"}}""").JsonAsync();

        Assert.Equal(conversation.ToString(), answer.GetProperty("conversation").GetProperty("id").GetString());
        Assert.Equal(ImageFactory.StoredId, answer.GetProperty("data")[0].GetProperty("id").GetString());
        await using var command = api.Database.DataSource.CreateCommand(
            """
            SELECT string_agg(i.type || ' ' || i.role || ' ' || coalesce(i.output, i.content->0->>'text'), ', ' ORDER BY m.position)
            FROM conversation_items AS i JOIN conversation_branch_items AS m ON m.item_id = i.id WHERE i.conversation_id = $1
            """);
        command.Parameters.AddWithValue(conversation.Value);
        Assert.Equal($"message user a cat, image_generation_call assistant {ImageFactory.StoredId}", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_conversation_that_is_not_the_callers_is_not_found_before_anything_is_made()
    {
        var conversation = await NewConversationAsync(TestCallers.User());
        using var stranger = api.Client();
        var body = $$"""{"model":"vendor/model","prompt":"x","conversation":"{{conversation}}"}""";

        await stranger.PostAsync(Path, body).RefusedAsync(404, "conversation");

        using var inference = api.ClientFor(TestCallers.User().ByApiKey(Scopes.Inference));
        await inference.PostAsync(Path, body).RefusedAsync(403, null);
    }

    [Fact]
    public async Task Images_take_the_inference_scope_and_variations_are_not_offered()
    {
        using var other = api.ClientFor(TestCallers.User().ByApiKey(Scopes.Conversations));
        await other.PostAsync(Path, Cat).JsonAsync(403);
        using var anonymous = api.Anonymous();
        await anonymous.PostAsync(Path, Cat).JsonAsync(401);

        using var client = api.Client();
        var error = await client.PostAsync("/v1/images/variations", "{}").JsonAsync(501);
        Assert.Equal("not_implemented", error.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, error.GetProperty("error").GetProperty("param").ValueKind);
    }

    private async Task<Id<Conversation>> NewConversationAsync(Caller owner)
    {
        var id = Id<Conversation>.New(TimeProvider.System);
        await using var batch = api.Database.DataSource.CreateBatch();
        batch.BatchCommands.Add(new("INSERT INTO conversations (id, user_id, organization_id, project_id, created_at, updated_at) VALUES ($1, $2, $3, $4, now(), now())")
        {
            Parameters = { new() { Value = id.Value }, new() { Value = owner.UserId.Value }, new() { Value = owner.OrganizationId.Value }, new() { Value = owner.ProjectId.Value } },
        });
        batch.BatchCommands.Add(new("INSERT INTO conversation_branches (id, conversation_id, name, created_at, updated_at) VALUES ($1, $1, 'MAIN', now(), now())")
        {
            Parameters = { new() { Value = id.Value } },
        });
        await batch.ExecuteNonQueryAsync();
        return id;
    }
}
