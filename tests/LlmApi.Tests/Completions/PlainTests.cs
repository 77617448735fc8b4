using System.Net;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Completions;

public class PlainTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task An_answer_carries_the_id_that_the_client_sent_and_all_else_as_it_came()
    {
        api.Upstream.NextChat(x => x.JsonAsync("""{ "id":"c1", "model":"fake-model", "odd":{"model":"inner"}, "choices":[{"index":0,"message":{"role":"assistant","content":"héllo"},"finish_reason":"stop"}] }"""));
        using var response = await api.Client().ChatAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            """{ "id":"c1", "model":"vendor/model", "odd":{"model":"inner"}, "choices":[{"index":0,"message":{"role":"assistant","content":"héllo"},"finish_reason":"stop"}] }""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_upstream_gets_its_own_key_and_none_of_the_clients_headers()
    {
        RecordedRequest? asked = null;
        api.Upstream.NextChat(x =>
        {
            asked = x.Request;
            return x.JsonAsync(OpenAIShapes.Completion("hi"));
        });
        using var client = api.Client();
        client.DefaultRequestHeaders.Add("X-User-Id", "forged");
        using var response = await client.ChatAsync("""{"model":"vendor/model","messages":[{"role":"user","content":"hi"}],"top_k":3,"store":false}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"model":"fake-model","messages":[{"role":"user","content":"hi"}],"top_k":3}""", asked!.Text);
        Assert.Equal("Bearer upstream-key-0", asked.Header("Authorization"));
        Assert.Null(asked.Header("X-User-Id"));
        Assert.Null(asked.Header(CallerTokens.HeaderName));
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), asked.Header("X-Request-Id"));
    }

    [Theory]
    [InlineData("completions", """{"model":"vendor/model","prompt":"a"}""", """{"object":"text_completion","model":"fake-model","choices":[{"index":0,"text":"b","finish_reason":"stop"}]}""")]
    [InlineData("embeddings", """{"model":"vendor/model","input":"a"}""", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,1]}],"model":"fake-model","usage":{"prompt_tokens":1,"total_tokens":1}}""")]
    public async Task Completions_and_embeddings_go_the_same_way(string path, string body, string answer)
    {
        api.Upstream.Next($"/v1/{path}", x => x.JsonAsync(answer));
        using var response = await api.Client().PostAsync(new Uri($"/v1/{path}", UriKind.Relative), LlmApiRequests.Json(body));
        Assert.Equal(
            answer.Replace("fake-model", "vendor/model", StringComparison.Ordinal), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_model_is_a_404_that_names_the_member()
    {
        using var response = await api.Client().ChatAsync("""{"model":"nobody/has-it","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("model_not_found", error["code"]!.GetValue<string>());
        Assert.Equal("model", error["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_model_outside_the_keys_allow_list_does_not_exist()
    {
        using var client = api.ClientFor(TestCallers.User() with { Models = ["other/model"] });
        using var response = await client.ChatAsync();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_key_without_the_scope_is_refused()
    {
        using var client = api.ClientFor(TestCallers.User().ByApiKey(Scopes.ModelsRead));
        using var response = await client.ChatAsync();
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        using var anonymous = await api.Anonymous().ChatAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Fact]
    public async Task A_bad_request_is_a_400_in_OpenAIs_envelope()
    {
        using var response = await api.Client().ChatAsync("""{"model":"vendor/model","messages":[{"role":"user","content":"hi"}],"temperature":3}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("temperature", error["param"]!.GetValue<string>());
        Assert.Equal("invalid_request_error", error["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_by_its_type_is_a_415()
    {
        using var content = new StringContent(LlmApiRequests.Chat);
        using var response = await api.Client().PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task A_body_with_broken_UTF8_is_a_400()
    {
        using var content = new ByteArrayContent([.. "{\"model\":\""u8, 0xC3, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await api.Client().PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
