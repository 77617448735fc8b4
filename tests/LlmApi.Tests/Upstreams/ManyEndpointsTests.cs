using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Upstreams;

public class ManyEndpointsTests(ManyEndpointsTests.Host api) : IClassFixture<ManyEndpointsTests.Host>
{
    /// <summary>Without scheduled looks in the way of the test's own.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host()
        {
            this["Upstreams:ListingPeriod"] = "01:00:00";
            this["Upstreams:RetryPause"] = "00:00:00";
            this["Providers:Encryption:Key"] = "a-master-key-for-tests-that-is-long-enough";
        }
    }

    private static readonly Uri Providers = new("/v1/admin/providers", UriKind.Relative);

    [Fact]
    public async Task Requests_are_spread_by_weight_and_move_on_to_another_endpoint_that_answers()
    {
        await using var light = await UpstreamAsync("spread");
        await using var heavy = await UpstreamAsync("spread");
        using var admin = api.ClientFor(TestCallers.Admin());
        await CreateAsync(admin, new { name = "spread", endpoints = new[] { new { url = light.BaseAddress, weight = 1 }, new { url = heavy.BaseAddress, weight = 3 } } });
        using var client = api.Client();
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await ChatAsync(client, "spread"));
        }

        Assert.Equal((2, 6), (Chats(light), Chats(heavy)));

        heavy.Always("/v1/chat/completions", x => x.ErrorAsync(429, "x", "slow down"));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await ChatAsync(client, "spread"));
        }

        Assert.Equal(6, Chats(light));
    }

    [Fact]
    public async Task An_endpoint_that_cannot_list_its_models_is_shown_as_down_and_asked_last()
    {
        await using var well = await UpstreamAsync("half");
        await using var ill = await UpstreamAsync("half");
        ill.Always("/v1/models", x => x.ErrorAsync(500, "x", "no"));
        using var admin = api.ClientFor(TestCallers.Admin());
        var provider = await CreateAsync(admin, new { name = "half", base_url = $"{ill.BaseAddress},{well.BaseAddress}" });
        Assert.Equal("healthy", provider["health"]!.GetValue<string>());
        Assert.Equal([false, true], provider["endpoints"]!.AsArray().Select(one => one!["healthy"]!.GetValue<bool>()));
        using var client = api.Client();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await ChatAsync(client, "half"));
        }

        Assert.Equal((0, 3), (Chats(ill), Chats(well)));
    }

    [Fact]
    public async Task Azure_is_asked_by_deployment_with_its_own_header()
    {
        await using var azure = await FakeUpstream.StartAsync();
        azure.Always("/openai/deployments/my%20gpt/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        azure.Always("/openai/deployments/my gpt/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        using var admin = api.ClientFor(TestCallers.Admin());
        var provider = await CreateAsync(
            admin, new { name = "azure", vendor = "azure_openai", base_url = azure.BaseAddress, api_version = "2024-10-21", api_key = "azure-secret", models = new[] { "my gpt" } });
        Assert.Equal("azure", provider["kind"]!.GetValue<string>());
        Assert.Equal("openai/my-gpt", provider["models"]![0]!["model_public_id"]!.GetValue<string>());
        using var client = api.Client();
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(client, "openai/my-gpt"));
        var request = Assert.Single(azure.Requests);
        Assert.EndsWith("/chat/completions?api-version=2024-10-21", request.Path, StringComparison.Ordinal);
        Assert.Equal("azure-secret", request.Header("api-key"));
        Assert.Null(request.Header("Authorization"));
    }

    [Fact]
    public async Task Azures_v1_and_anthropic_are_asked_as_openai_is_with_their_own_headers()
    {
        await using var azure = await FakeUpstream.StartAsync();
        azure.Always("/openai/v1/models", x => x.JsonAsync(OpenAIShapes.Models("gpt-v1")));
        azure.Always("/openai/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        await using var anthropic = await UpstreamAsync("claude-x");
        using var admin = api.ClientFor(TestCallers.Admin());
        await CreateAsync(admin, new { name = "azure v1", vendor = "azure_openai", base_url = new Uri(azure.BaseAddress, "/openai/v1"), api_key = "azure-secret" });
        await CreateAsync(admin, new { name = "anthropic", vendor = "anthropic", base_url = anthropic.BaseAddress, api_key = "claude-secret" });
        using var client = api.Client();
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(client, "openai/gpt-v1"));
        Assert.Equal("azure-secret", azure.Requests.Last().Header("api-key"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(client, "anthropic/claude-x"));
        Assert.Equal("claude-secret", anthropic.Requests.Last().Header("X-API-Key"));
        Assert.Equal("2023-06-01", anthropic.Requests.Last().Header("anthropic-version"));
        Assert.Null(anthropic.Requests.Last().Header("Authorization"));
    }

    [Fact]
    public async Task Two_providers_of_one_name_at_once_are_one_and_a_conflict()
    {
        await using var upstream = await UpstreamAsync("raced");
        using var admin = api.ClientFor(TestCallers.Admin());
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => admin.PostAsJsonAsync(Providers, new { name = "raced", base_url = upstream.BaseAddress })));
        Assert.Equal([200, 409, 409, 409, 409, 409], answers.Select(answer => (int)answer.StatusCode).Order());
    }

    [Fact]
    public async Task At_most_one_provider_is_the_default_for_images()
    {
        await using var upstream = await UpstreamAsync("painter");
        using var admin = api.ClientFor(TestCallers.Admin());
        var first = await CreateAsync(admin, new { name = "painter 1", vendor = "z-image", base_url = upstream.BaseAddress, default_provider_image_generate = true });
        Assert.Equal("image", first["category"]!.GetValue<string>());
        await CreateAsync(admin, new { name = "painter 2", category = "image", base_url = upstream.BaseAddress, default_provider_image_generate = true });
        first = JsonNode.Parse(await admin.GetStringAsync(new Uri($"/v1/admin/providers/{first["id"]}", UriKind.Relative)))!;
        Assert.False(first["default_provider_image_generate"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("""{"name":"n","endpoints":[]}""", "endpoints")]
    [InlineData("""{"name":"n","endpoints":[{"url":"http://a"},{"url":"ftp://b"}]}""", "endpoints[1].url")]
    [InlineData("""{"name":"n","endpoints":[{"url":"http://a"},{"url":"http://a/v1"}]}""", "endpoints[1].url")]
    [InlineData("""{"name":"n","base_url":"[1]"}""", "base_url")]
    [InlineData("""{"name":"n","base_url":"http://a","metadata":[]}""", "metadata")]
    [InlineData("""{"name":"n","base_url":"http://a","load_balancing":"random"}""", "load_balancing")]
    [InlineData("""{"name":"n","base_url":"http://a","models":[""]}""", "models")]
    public async Task Bad_endpoints_are_a_400_that_names_them(string body, string param)
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        using var response = await admin.PostAsync(Providers, LlmApiRequests.Json(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]!.GetValue<string>());
    }

    private static int Chats(FakeUpstream upstream) => upstream.Requests.Count(request => request.Path == "/v1/chat/completions");

    private static async Task<FakeUpstream> UpstreamAsync(string model)
    {
        var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models(model)));
        upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        return upstream;
    }

    private static async Task<JsonNode> CreateAsync(HttpClient admin, object body)
    {
        using var created = await admin.PostAsJsonAsync(Providers, body);
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        return JsonNode.Parse(await created.Content.ReadAsStringAsync())!;
    }

    private static async Task<HttpStatusCode> ChatAsync(HttpClient client, string model)
    {
        using var response = await client.ChatAsync($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""");
        return response.StatusCode;
    }
}
