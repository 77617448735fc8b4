using System.Net;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Completions;

public class RequestDefaultsTests(RequestDefaultsTests.Host api) : IClassFixture<RequestDefaultsTests.Host>
{
    /// <summary>A provider that lists a model that thinks and one that does not.</summary>
    public sealed class Host : LlmApiFactory
    {
        public FakeUpstream Listed { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            Listed = await AddUpstreamAsync();
            Listed.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("thinker", "talker", "sampler")));
            Listed.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        }
    }

    [Fact]
    public async Task Defaults_fill_what_a_request_leaves_out_and_nothing_else()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        await ListedAsync(admin, "sampler");
        await PatchAsync(admin, "catalogs/sampler", """
            {"supported_parameters":{"names":[],"default":{"temperature":0.7,"top_p":0.9,"top_k":40,"max_tokens":100,"repetition_penalty":1.1,"unknown":1}}}
            """);
        using var client = api.Client();
        var sent = await SentAsync(client, """{"model":"sampler","temperature":0,"top_p":null,"messages":[{"role":"user","content":"hi"}],"max_completion_tokens":5}""");
        Assert.Equal(0, sent["temperature"]!.GetValue<double>());
        Assert.Equal(0.9, sent["top_p"]!.GetValue<double>());
        Assert.Equal(40, sent["top_k"]!.GetValue<int>());
        Assert.Equal(1.1, sent["repetition_penalty"]!.GetValue<double>());
        Assert.Null(sent["max_tokens"]);
        Assert.Null(sent["unknown"]);

        sent = await SentAsync(client, """{"model":"sampler","messages":[{"role":"user","content":"hi"}],"top_k":1,"enable_thinking":true}""");
        Assert.Equal((0.7, 1, 100), (sent["temperature"]!.GetValue<double>(), sent["top_k"]!.GetValue<int>(), sent["max_tokens"]!.GetValue<int>()));
        Assert.Null(sent["enable_thinking"]);
    }

    [Theory]
    [InlineData("\"enable_thinking\":false", "talker")]
    [InlineData("\"enable_thinking\":true", "thinker")]
    [InlineData("\"enable_thinking\":null", "thinker")]
    [InlineData("\"enable_thinking\":false,\"image\":true", "thinker")]
    public async Task The_instruct_model_answers_when_thinking_is_off(string members, string answers)
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var model = await ListedAsync(admin, "thinker");
        await PatchAsync(admin, $"provider-models/{model["id"]}", """{"instruct_model_public_id":"talker"}""");
        using var client = api.Client();
        var sent = await SentAsync(client, $$"""{"model":"thinker",{{members}},"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(answers, sent["model"]!.GetValue<string>());

        using var answer = await client.ChatAsync($$"""{"model":"thinker",{{members}},"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal("thinker", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["model"]!.GetValue<string>());
    }

    private async Task<JsonNode> SentAsync(HttpClient client, string body)
    {
        using var response = await client.ChatAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(api.Listed.Requests.Last(request => request.Method == "POST").Body)!;
    }

    private static async Task<JsonNode> ListedAsync(HttpClient admin, string model)
    {
        JsonNode? found = null;
        await Eventually.True(async () =>
        {
            var page = JsonNode.Parse(await admin.GetStringAsync(new Uri($"/v1/admin/models/provider-models?model_key={model}", UriKind.Relative)))!;
            found = page["data"]!.AsArray().FirstOrDefault();
            return found is not null;
        });
        return found!;
    }

    private static async Task PatchAsync(HttpClient admin, string path, string body)
    {
        using var response = await admin.PatchAsync(new Uri($"/v1/admin/models/{path}", UriKind.Relative), LlmApiRequests.Json(body));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
