using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Catalogue;

public class CatalogueAdministrationTests(CatalogueAdministrationTests.Host api) : IClassFixture<CatalogueAdministrationTests.Host>
{
    /// <summary>Without scheduled looks in the way of the test's own.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host() => this["Upstreams:ListingPeriod"] = "01:00:00";

        /// <summary>A stored provider of a fake upstream that lists these models.</summary>
        public async Task<(JsonNode Provider, FakeUpstream Upstream)> ProviderAsync(HttpClient admin, string name, params string[] models)
        {
            var upstream = await FakeUpstream.StartAsync();
            upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models(models)));
            upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
            using var created = await admin.PostAsJsonAsync(Path("providers"), new { name, vendor = "openrouter", base_url = upstream.BaseAddress });
            Assert.Equal(HttpStatusCode.OK, created.StatusCode);
            return (await JsonAsync(created), upstream);
        }
    }

    [Fact]
    public async Task A_partial_update_keeps_what_is_absent_and_clears_what_is_null()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var (_, upstream) = await api.ProviderAsync(admin, "patched", "meta-llama/patched");
        await using var end = upstream;
        var catalog = await PatchAsync(admin, "models/catalogs/meta/patched", """
            {"description":"d","context_length":8192,"tags":["a"],"supports_tools":true,"extras":{"x":1},"supported_parameters":{"default":{"temperature":0.2}}}
            """);
        Assert.Equal("updated", catalog["status"]!.GetValue<string>());
        Assert.Equal("meta/patched", catalog["id"]!.GetValue<string>());

        catalog = await PatchAsync(admin, "models/catalogs/meta%2Fpatched", """{"description":null,"tags":null,"experimental":true}""");
        Assert.Null(catalog["description"]);
        Assert.Null(catalog["tags"]);
        Assert.Equal(8192, catalog["context_length"]!.GetValue<int>());
        Assert.True(catalog["supports_tools"]!.GetValue<bool>());
        Assert.Equal(1, catalog["extras"]!["x"]!.GetValue<int>());
        Assert.Equal(0.2, catalog["supported_parameters"]!["default"]!["temperature"]!.GetValue<double>());

        var model = await ModelAsync(admin, "meta/patched");
        var path = $"models/provider-models/{model["id"]}";
        model = await PatchAsync(admin, path, """
            {"pricing":{"lines":[{"unit":"per_1m_prompt_tokens","amount_micro_usd":5}]},"token_limits":{"context_length":9,"max_completion_tokens":3},"category":"c","model_order_number":4}
            """);
        Assert.Equal(5, model["pricing"]!["lines"]![0]!["amount_micro_usd"]!.GetValue<int>());
        model = await PatchAsync(admin, path, """{"pricing":null,"model_order_number":0}""");
        Assert.Empty(model["pricing"]!["lines"]!.AsArray());
        Assert.Equal(0, model["model_order_number"]!.GetValue<int>());
        Assert.Equal("c", model["category"]!.GetValue<string>());
        Assert.Equal(9, model["token_limits"]!["context_length"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_new_name_in_the_catalogue_is_that_of_every_offer()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var (provider, upstream) = await api.ProviderAsync(admin, "named", "meta-llama/named");
        await using var end = upstream;
        await PatchAsync(admin, "models/catalogs/meta/named", """{"model_display_name":"Better"}""");
        Assert.Equal("Better", (await ModelAsync(admin, "meta/named"))["model_display_name"]!.GetValue<string>());
        using var synced = await admin.PostAsync(Path($"providers/{provider["id"]}/sync"), null);
        Assert.Equal(HttpStatusCode.OK, synced.StatusCode);
        Assert.Equal("Better", (await ModelAsync(admin, "meta/named"))["model_display_name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_switch_of_the_catalogue_takes_the_offers_along_and_exceptions_stay()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var (provider, upstream) = await api.ProviderAsync(admin, "toggled", "meta-llama/toggled-a", "meta-llama/toggled-b");
        await using var end = upstream;
        var off = await PostAsync(admin, "models/catalogs/bulk-toggle", """
            {"enable":false,"catalog_ids":["meta/toggled-a","meta/toggled-b"],"except_models":["meta/toggled-b"]}
            """);
        Assert.Equal((2, 2), (off["updated_count"]!.GetValue<int>(), off["skipped_count"]!.GetValue<int>()));
        Assert.False((await ModelAsync(admin, "meta/toggled-a"))["active"]!.GetValue<bool>());
        Assert.True((await ModelAsync(admin, "meta/toggled-b"))["active"]!.GetValue<bool>());

        var on = await PostAsync(admin, "models/provider-models/bulk-toggle", $$"""{"enable":true,"provider_id":"{{provider["id"]}}"}""");
        Assert.Equal((0, 1), (on["updated_count"]!.GetValue<int>(), on["failed_count"]!.GetValue<int>()));
        Assert.Equal("meta/toggled-a", on["failed_models"]![0]!.GetValue<string>());
        var forced = await PatchAsync(admin, $"models/provider-models/{(await ModelAsync(admin, "meta/toggled-a"))["id"]}", """{"active":true}""");
        Assert.False(forced["active"]!.GetValue<bool>());

        using var unknown = await admin.PostAsync(Path("models/catalogs/bulk-toggle"), LlmApiRequests.Json("""{"enable":true,"catalog_ids":["no/such"]}"""));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Filters_hold_together_and_a_search_does_not_undo_them()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var (one, first) = await api.ProviderAsync(admin, "filter-1", "meta-llama/filter-a", "meta-llama/filter_b");
        await using var endFirst = first;
        var (_, second) = await api.ProviderAsync(admin, "filter-2", "meta-llama/filter-a");
        await using var endSecond = second;

        var found = await GetAsync(admin, $"models/provider-models?search=FILTER-A&provider_id={one["id"]}");
        Assert.Equal(1, found["total"]!.GetValue<int>());
        Assert.Equal(one["id"]!.GetValue<string>(), Assert.Single(found["data"]!.AsArray())!["provider_id"]!.GetValue<string>());
        Assert.Equal(0, (await GetAsync(admin, "models/provider-models?provider_id=prov_unknown"))["total"]!.GetValue<int>());
        Assert.Equal(1, (await GetAsync(admin, "models/provider-models?search=filter_b"))["total"]!.GetValue<int>());
        Assert.Equal(0, (await GetAsync(admin, "models/provider-models?search=%25"))["total"]!.GetValue<int>());
        var page = await GetAsync(admin, "models/provider-models?model_key=meta/filter-a&limit=1&offset=1&order=asc");
        Assert.Equal((2, 1, 1), (page["total"]!.GetValue<int>(), page["limit"]!.GetValue<int>(), page["data"]!.AsArray().Count));

        await PatchAsync(admin, "models/catalogs/meta/filter-a", """{"supports_video":true,"family":"filters"}""");
        Assert.Equal(1, (await GetAsync(admin, "models/catalogs?family=filters&supports_video=true&status=updated"))["total"]!.GetValue<int>());
        Assert.Equal(0, (await GetAsync(admin, "models/catalogs?family=filters&supports_video=false"))["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task An_instruct_model_is_named_by_its_public_id()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var (_, upstream) = await api.ProviderAsync(admin, "thinks", "qwen/thinker", "qwen/talker");
        await using var end = upstream;
        var path = $"models/provider-models/{(await ModelAsync(admin, "qwen/thinker"))["id"]}";
        Assert.Equal("qwen/talker", (await PatchAsync(admin, path, """{"instruct_model_public_id":"qwen/talker"}"""))["instruct_model_public_id"]!.GetValue<string>());
        Assert.Equal("qwen/talker", (await PatchAsync(admin, path, """{"category":"x"}"""))["instruct_model_public_id"]!.GetValue<string>());
        Assert.Null((await PatchAsync(admin, path, """{"instruct_model_public_id":""}"""))["instruct_model_public_id"]);
    }

    [Theory]
    [InlineData("catalogs/vendor/model", """{"context_length":0}""", "context_length")]
    [InlineData("catalogs/vendor/model", """{"reasoning_format":"x"}""", "reasoning_format")]
    [InlineData("catalogs/vendor/model", """{"description":"a\u0000b"}""", "description")]
    [InlineData("catalogs/vendor/model", """{"extras":{"a":"\u0000"}}""", "extras")]
    [InlineData("catalogs/vendor/model", """{"supported_parameters":{"default":{"temperature":"hot"}}}""", "supported_parameters.default.temperature")]
    [InlineData("catalogs/bulk-toggle", "{}", "enable")]
    [InlineData("provider-models/*", """{"pricing":{"lines":[{"unit":"per_mile","amount_micro_usd":1}]}}""", "pricing.lines[0].unit")]
    [InlineData("provider-models/*", """{"pricing":{"lines":[{"unit":"per_image","amount_micro_usd":-1}]}}""", "pricing.lines[0].amount_micro_usd")]
    [InlineData("provider-models/*", """{"pricing":{"lines":[{"unit":"per_image","amount_micro_usd":1,"currency":"EUR"}]}}""", "pricing.lines[0].currency")]
    [InlineData("provider-models/*", """{"pricing":{"lines":[null]}}""", "pricing.lines[0].unit")]
    [InlineData("provider-models/*", """{"token_limits":{"context_length":-1}}""", "token_limits.context_length")]
    [InlineData("provider-models/*", """{"instruct_model_public_id":"no/such"}""", "instruct_model_public_id")]
    [InlineData("provider-models/*", """{"model_order_number":-1}""", "model_order_number")]
    [InlineData("provider-models/bulk-toggle", "{}", "enable")]
    public async Task Bad_input_is_a_400_that_names_the_member(string path, string body, string param)
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var method = path.EndsWith("toggle", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Patch;
        await Eventually.True(async () => (await GetAsync(admin, "models/provider-models?model_key=vendor/model"))["total"]!.GetValue<int>() == 1);
        var id = (await ModelAsync(admin, LlmApiFactory.Model))["id"]!.GetValue<string>();
        using var request = new HttpRequestMessage(method, Path($"models/{path.Replace("*", id, StringComparison.Ordinal)}")) { Content = LlmApiRequests.Json(body) };
        using var response = await admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await JsonAsync(response))["error"]!["param"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("models/catalogs?limit=0")]
    [InlineData("models/catalogs?status=odd")]
    [InlineData("models/provider-models?order=up")]
    [InlineData("models/provider-models?active=perhaps")]
    public async Task A_bad_filter_is_a_400(string path)
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        using var response = await admin.GetAsync(Path(path));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("models/catalogs")]
    [InlineData("models/catalogs/vendor/model")]
    [InlineData("models/provider-models")]
    public async Task Only_administrators_get_here(string path)
    {
        using var user = api.Client();
        using var response = await user.GetAsync(Path(path));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static Uri Path(string path) => new($"/v1/admin/{path}", UriKind.Relative);

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    private static async Task<JsonNode> GetAsync(HttpClient admin, string path) => JsonNode.Parse(await admin.GetStringAsync(Path(path)))!;

    private static async Task<JsonNode> ModelAsync(HttpClient admin, string publicId) =>
        Assert.Single((await GetAsync(admin, $"models/provider-models?model_key={publicId}"))["data"]!.AsArray())!;

    private static async Task<JsonNode> PatchAsync(HttpClient admin, string path, string body)
    {
        using var response = await admin.PatchAsync(Path(path), LlmApiRequests.Json(body));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await JsonAsync(response);
    }

    private static async Task<JsonNode> PostAsync(HttpClient admin, string path, string body)
    {
        using var response = await admin.PostAsync(Path(path), LlmApiRequests.Json(body));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await JsonAsync(response);
    }
}
