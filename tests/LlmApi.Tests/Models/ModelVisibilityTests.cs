using System.Collections.Frozen;
using System.Net;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Models;

public class ModelVisibilityTests(ModelVisibilityTests.Host api) : IClassFixture<ModelVisibilityTests.Host>
{
    /// <summary>A vendor's provider and another of the same models.</summary>
    public sealed class Host : LlmApiFactory
    {
        public override async Task InitializeAsync()
        {
            this["Providers:0:Vendor"] = "openrouter";
            this["Providers:1:Vendor"] = "openrouter";
            await base.InitializeAsync();
            for (var i = 0; i < 2; i++)
            {
                var upstream = await AddUpstreamAsync();
                upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("qwen/public", "qwen/lab", "qwen/beta", "qwen/off", "Qwen/Listed")));
                upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
            }

            this["Providers:2:Vendor"] = "openrouter";
        }
    }

    [Fact]
    public async Task Experimental_flagged_and_switched_off_models_are_hidden_in_list_and_chat_from_those_without_the_flag()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        await Eventually.True(async () => (await IdsAsync(admin)).Contains("qwen/public"));
        await PatchAsync(admin, "qwen/lab", """{"experimental":true}""");
        await PatchAsync(admin, "qwen/beta", """{"requires_feature_flag":"beta"}""");
        await PatchAsync(admin, "qwen/off", """{"active":false}""");

        await AssertSeesAsync(TestCallers.User(), "qwen/public", ["qwen/lab", "qwen/beta", "qwen/off"]);
        await AssertSeesAsync(TestCallers.User() with { Flags = Flags("experimental_models") }, "qwen/lab", ["qwen/beta", "qwen/off"]);
        await AssertSeesAsync(TestCallers.User() with { Flags = Flags("beta") }, "qwen/beta", ["qwen/lab", "qwen/off"]);

        await PatchAsync(admin, "qwen/beta", """{"requires_feature_flag":""}""");
        await AssertSeesAsync(TestCallers.User(), "qwen/beta", ["qwen/lab"]);
    }

    [Fact]
    public async Task A_providers_own_id_means_the_model_and_the_answer_carries_what_was_sent()
    {
        using var client = api.Client();
        await Eventually.True(async () => (await IdsAsync(client)).Contains("qwen/listed"));
        using var answer = await client.ChatAsync("""{"model":"Qwen/Listed","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Qwen/Listed", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["model"]!.GetValue<string>());
        using var key = api.ClientFor(TestCallers.User() with { Models = ["Qwen/Listed"] });
        Assert.Equal(["qwen/listed"], await IdsAsync(key));
    }

    [Fact]
    public async Task With_provider_data_a_model_is_listed_for_each_provider()
    {
        using var client = api.Client();
        await Eventually.True(async () => (await IdsAsync(client)).Contains("qwen/public"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/models", UriKind.Relative));
        request.Headers.Add("X-PROVIDER-DATA", "true");
        using var response = await client.SendAsync(request);
        var rows = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!.AsArray().Where(row => row!["id"]!.GetValue<string>() == "qwen/public").ToList();
        Assert.Equal(["fake-1", "fake-2"], rows.Select(row => row!["provider_name"]!.GetValue<string>()));
        Assert.Equal(["openrouter", "openrouter"], rows.Select(row => row!["provider_vendor"]!.GetValue<string>()));
        Assert.Equal("config:fake-1", rows[0]!["provider_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Users_see_providers_without_their_addresses_and_the_catalogue_without_notes()
    {
        using var client = api.Client();
        await Eventually.True(async () => (await IdsAsync(client)).Contains("qwen/public"));
        var providers = await client.GetStringAsync(new Uri("/v1/models/providers", UriKind.Relative));
        Assert.Equal(3, JsonNode.Parse(providers)!.AsArray().Count);
        Assert.DoesNotContain("127.0.0.1", providers, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream-key", providers, StringComparison.Ordinal);

        using var admin = api.ClientFor(TestCallers.Admin());
        await PatchAsync(admin, "qwen/public", """{"notes":"internal","family":"qwen"}""");
        foreach (var path in new[] { "qwen/public", "qwen%2Fpublic" })
        {
            var catalog = JsonNode.Parse(await client.GetStringAsync(new Uri($"/v1/models/catalogs/{path}", UriKind.Relative)))!;
            Assert.Equal("qwen/public", catalog["id"]!.GetValue<string>());
            Assert.Null(catalog["notes"]);
        }

        using var unknown = await client.GetAsync(new Uri("/v1/models/catalogs/no/such", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var nothing = await client.GetAsync(new Uri("/v1/models/catalogs/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
    }

    private async Task AssertSeesAsync(Caller caller, string visible, string[] hidden)
    {
        using var client = api.ClientFor(caller);
        var ids = await IdsAsync(client);
        Assert.Contains(visible, ids);
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(client, visible));
        foreach (var id in hidden)
        {
            Assert.DoesNotContain(id, ids);
            Assert.Equal(HttpStatusCode.NotFound, await ChatAsync(client, id));
        }
    }

    private static FrozenSet<string> Flags(string flag) => new[] { flag }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static async Task<HttpStatusCode> ChatAsync(HttpClient client, string model)
    {
        using var response = await client.ChatAsync($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""");
        return response.StatusCode;
    }

    private static async Task PatchAsync(HttpClient admin, string id, string body)
    {
        using var response = await admin.PatchAsync(new Uri($"/v1/admin/models/catalogs/{id}", UriKind.Relative), LlmApiRequests.Json(body));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<List<string>> IdsAsync(HttpClient client) =>
        [
            .. JsonNode.Parse(await client.GetStringAsync(new Uri("/v1/models", UriKind.Relative)))!["data"]!.AsArray()
                .Select(model => model!["id"]!.GetValue<string>()),
        ];
}
