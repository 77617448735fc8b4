using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Providers;

public class ProviderAdministrationTests(ProviderAdministrationTests.Host api) : IClassFixture<ProviderAdministrationTests.Host>
{
    /// <summary>With a key to store credentials under.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host()
        {
            this["Providers:Encryption:Key"] = "a-master-key-for-tests-that-is-long-enough";
            this["Upstreams:ReloadPeriod"] = "00:00:00.200";
            this["Upstreams:ListingPeriod"] = "00:00:00.200";
        }
    }

    private static Uri PathOf(JsonNode provider) => new($"/v1/admin/providers/{provider["id"]}", UriKind.Relative);

    private static readonly Uri Collection = new("/v1/admin/providers", UriKind.Relative);

    [Fact]
    public async Task A_provider_is_added_used_changed_and_removed()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("stored-model")));
        upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi", "stored-model")));
        using var admin = api.ClientFor(TestCallers.Admin());

        using var created = await admin.PostAsJsonAsync(Collection, new { name = "stored", base_url = upstream.BaseAddress, api_key = "secret-of-stored" });
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        var text = await created.Content.ReadAsStringAsync();
        Assert.DoesNotContain("secret-of-stored", text, StringComparison.Ordinal);
        var provider = JsonNode.Parse(text)!;
        Assert.Equal("healthy", provider["health"]!.GetValue<string>());
        Assert.True(provider["has_api_key"]!.GetValue<bool>());
        Assert.Equal("stored-model", provider["models"]![0]!["model_public_id"]!.GetValue<string>());
        var path = PathOf(provider);

        using var user = api.Client();
        using var answer = await user.ChatAsync("""{"model":"stored-model","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Bearer secret-of-stored", upstream.Requests.Last().Header("Authorization"));

        using var changed = await admin.PatchAsJsonAsync(path, new { priority = 7, api_key = "" });
        provider = JsonNode.Parse(await changed.Content.ReadAsStringAsync())!;
        Assert.Equal(7, provider["priority"]!.GetValue<int>());
        Assert.False(provider["has_api_key"]!.GetValue<bool>());
        Assert.Equal("stored", provider["name"]!.GetValue<string>());

        using var removed = await admin.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await user.ChatAsync("""{"model":"stored-model","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var again = await admin.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_listed_is_stored_and_marked_and_found_later()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.ErrorAsync(500, "x", "not yet"));
        using var admin = api.ClientFor(TestCallers.Admin());
        using var created = await admin.PostAsJsonAsync(Collection, new { name = "slow starter", base_url = upstream.BaseAddress });
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        var provider = JsonNode.Parse(await created.Content.ReadAsStringAsync())!;
        Assert.Equal("unhealthy", provider["health"]!.GetValue<string>());
        Assert.Contains("500", provider["problem"]!.GetValue<string>(), StringComparison.Ordinal);

        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("late-model")));
        await Eventually.True(async () =>
        {
            var now = JsonNode.Parse(await admin.GetStringAsync(PathOf(provider)))!;
            return now["health"]!.GetValue<string>() == "healthy" && now["models"]!.AsArray().Count == 1;
        });
        using var removed = await admin.DeleteAsync(PathOf(provider));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    [Theory]
    [InlineData("""{"base_url":"http://x"}""", "name")]
    [InlineData("""{"name":"","base_url":"http://x"}""", "name")]
    [InlineData("""{"name":"   ","base_url":"http://x"}""", "name")]
    [InlineData("""{"name":"n"}""", "base_url")]
    [InlineData("""{"name":"n","base_url":"ftp://x"}""", "base_url")]
    [InlineData("""{"name":"n","base_url":"http://user:pw@x"}""", "base_url")]
    [InlineData("""{"name":"n","base_url":"http://x?key=1"}""", "base_url")]
    [InlineData("""{"name":"n","base_url":"http://x","kind":"magic"}""", "kind")]
    [InlineData("""{"name":"n","base_url":"http://x","timeout_seconds":0}""", "timeout_seconds")]
    public async Task A_bad_provider_is_a_400_that_names_the_member(string body, string param)
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        using var response = await admin.PostAsync(Collection, LlmApiRequests.Json(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task Names_are_unique()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models()));
        using var admin = api.ClientFor(TestCallers.Admin());
        using var first = await admin.PostAsJsonAsync(Collection, new { name = "twin", base_url = upstream.BaseAddress });
        using var second = await admin.PostAsJsonAsync(Collection, new { name = "twin", base_url = upstream.BaseAddress });
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        using var removed = await admin.DeleteAsync(PathOf(JsonNode.Parse(await first.Content.ReadAsStringAsync())!));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    [Fact]
    public async Task The_list_has_configured_providers_too()
    {
        using var admin = api.ClientFor(TestCallers.Admin());
        var list = JsonNode.Parse(await admin.GetStringAsync(Collection))!.AsArray();
        var configured = Assert.Single(list, provider => provider!["id"]!.GetValue<string>() == "config:fake-0")!;
        Assert.Equal("configuration", configured["source"]!.GetValue<string>());
        Assert.Equal("closed", configured["circuit"]!.GetValue<string>());
        Assert.DoesNotContain("upstream-key", list.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_administrators_get_here()
    {
        using var user = api.ClientFor(TestCallers.User());
        using var list = await user.GetAsync(Collection);
        Assert.Equal(HttpStatusCode.Forbidden, list.StatusCode);
        using var key = api.ClientFor(TestCallers.Admin().ByApiKey(Scopes.All));
        using var byKey = await key.PostAsJsonAsync(Collection, new { name = "x", base_url = "http://x" });
        Assert.Equal(HttpStatusCode.Forbidden, byKey.StatusCode);
        using var anonymous = await api.Anonymous().GetAsync(Collection);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Fact]
    public async Task What_another_replica_stores_is_found()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("from-elsewhere")));
        using var user = api.Client();
        using var before = await user.GetAsync(new Uri("/v1/models/from-elsewhere", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        await api.Database.ExecuteAsync(
            $"""
            INSERT INTO providers (id, name, base_url, kind, created_at, updated_at)
            VALUES ('01999999-0000-7000-8000-000000000001', 'elsewhere', '{upstream.BaseAddress}', 'openai', now(), now())
            """);
        await Eventually.True(async () =>
        {
            using var response = await user.GetAsync(new Uri("/v1/models/from-elsewhere", UriKind.Relative));
            return response.IsSuccessStatusCode;
        });
        await api.Database.ExecuteAsync("DELETE FROM providers WHERE name = 'elsewhere'");
        await Eventually.True(async () =>
        {
            using var response = await user.GetAsync(new Uri("/v1/models/from-elsewhere", UriKind.Relative));
            return response.StatusCode == HttpStatusCode.NotFound;
        });
    }
}
