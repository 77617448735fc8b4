using System.Net;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Models;

public class ModelTests(ModelTests.Host api) : IClassFixture<ModelTests.Host>
{
    /// <summary>Two providers that list their models, and the inference service with its demo models.</summary>
    public sealed class Host : LlmApiFactory
    {
        public override async Task InitializeAsync()
        {
            var first = await AddUpstreamAsync();
            first.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("shared", "org/only-first", "text-embed")));
            var second = await AddUpstreamAsync();
            second.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("only-second", "shared")));
            var demo = await FakeUpstream.StartAsync();
            demo.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("jan-demo", "jan-demo-embed")));
            this["services:inference:http:0"] = demo.BaseAddress.GetLeftPart(UriPartial.Authority);
            _demo = demo;
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _demo!.DisposeAsync();
        }

        private FakeUpstream? _demo;
    }

    [Fact]
    public async Task Models_are_merged_by_id_with_the_demo_models_last()
    {
        using var client = api.Client();
        await Eventually.Succeeds(async () => Assert.Equal(
            ["shared", "org/only-first", "text-embed", "only-second", "vendor/model", "jan-demo", "jan-demo-embed"], await IdsAsync(client)));
        var list = JsonNode.Parse(await client.GetStringAsync(new Uri("/v1/models", UriKind.Relative)))!;
        Assert.Equal(
            ["category", "category_order_number", "created", "id", "model_display_name", "model_order_number", "object", "owned_by"],
            list["data"]![0]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal("list", list["object"]!.GetValue<string>());
        Assert.Equal("model", list["data"]![0]!["object"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_sees_only_the_models_it_may_use()
    {
        using var client = api.ClientFor(TestCallers.User() with { Models = ["shared", "unknown"] });
        await Eventually.Succeeds(async () => Assert.Equal(["shared"], await IdsAsync(client)));
        using var other = await client.GetAsync(new Uri("/v1/models/only-second", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory]
    [InlineData("org/only-first")]
    [InlineData("org%2Fonly-first")]
    public async Task A_model_is_found_by_an_id_with_a_slash(string path)
    {
        using var client = api.Client();
        await Eventually.Succeeds(async () =>
        {
            var model = JsonNode.Parse(await client.GetStringAsync(new Uri($"/v1/models/{path}", UriKind.Relative)))!;
            Assert.Equal("org/only-first", model["id"]!.GetValue<string>());
        });
    }

    [Fact]
    public async Task Auto_is_the_best_real_model_that_may_chat()
    {
        using var client = api.Client();
        await Eventually.Succeeds(async () => Assert.Equal("shared", await AutoAsync(client)));
        using var demo = api.ClientFor(TestCallers.User() with { Models = ["text-embed", "jan-demo"] });
        await Eventually.Succeeds(async () => Assert.Equal("jan-demo", await AutoAsync(demo)));
    }

    private static async Task<string> AutoAsync(HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri("/v1/models/auto", UriKind.Relative)))!["id"]!.GetValue<string>();

    private static async Task<IEnumerable<string>> IdsAsync(HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri("/v1/models", UriKind.Relative)))!["data"]!.AsArray()
            .Select(model => model!["id"]!.GetValue<string>());
}

public class NoModelsTests(NoModelsTests.Host api) : IClassFixture<NoModelsTests.Host>
{
    /// <summary>Without any provider.</summary>
    public sealed class Host() : Testing.Hosting.ServiceFactory<Program>("llmdb");

    [Fact]
    public async Task An_empty_list_is_a_list()
    {
        using var client = api.ClientFor(TestCallers.User());
        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!.AsArray());
    }
}
