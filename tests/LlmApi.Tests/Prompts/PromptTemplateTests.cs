using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Prompts;

public class PromptTemplateTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private const string Collection = "/v1/admin/prompt-templates";
    private const string Models = "/v1/admin/models/prompt-templates";

    private readonly string _key = $"key_{Guid.CreateVersion7():N}";

    [Fact]
    public async Task The_seven_keys_are_there_and_their_templates_are_good()
    {
        using var admin = Admin();
        var list = await GetAsync(admin, $"{Collection}?is_system=true&limit=100");
        Assert.Equal(7, list["total"]!.GetValue<int>());
        Assert.Equal(
            ["chain_of_thought", "code_assistant", "deep_research", "memory", "timing", "tool_instructions", "user_profile"],
            list["data"]!.AsArray().Select(row => row!["template_key"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        foreach (var row in list["data"]!.AsArray())
        {
            // Saving checks syntax and variables.
            using var saved = await admin.PatchAsJsonAsync($"{Collection}/{row!["public_id"]}", new { content = row["content"]!.GetValue<string>() });
            Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        }
    }

    [Fact]
    public async Task A_template_is_made_read_changed_and_removed()
    {
        using var admin = Admin();
        using var created = await admin.PostAsJsonAsync(Collection, New(content: "Hi {{.Name}}", variables: ["Name"]));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var template = await DataAsync(created);
        Assert.StartsWith("pt_", template["public_id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, template["version"]!.GetValue<int>());
        Assert.Equal("v", template["metadata"]!["k"]!.GetValue<string>());

        using var changed = await admin.PatchAsJsonAsync(created.Headers.Location, new { name = "other", description = "" });
        template = await DataAsync(changed);
        Assert.Equal(2, template["version"]!.GetValue<int>());
        Assert.Equal("other", template["name"]!.GetValue<string>());
        Assert.Equal("Hi {{.Name}}", template["content"]!.GetValue<string>());
        Assert.Null(template["description"]);

        using var removed = await admin.DeleteAsync(created.Headers.Location);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await admin.GetAsync(created.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_key_has_one_active_template_also_when_two_are_made_at_once()
    {
        using var admin = Admin();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PostAsJsonAsync(Collection, New())));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict));

        using var inactive = await admin.PostAsJsonAsync(Collection, New(isActive: false));
        Assert.Equal(HttpStatusCode.Created, inactive.StatusCode);
        using var activated = await admin.PatchAsJsonAsync(inactive.Headers.Location, new { is_active = true });
        Assert.Equal(HttpStatusCode.Conflict, activated.StatusCode);
        Assert.Equal("template_key", (await ErrorAsync(activated))["param"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Hi {{.Name", null, "content")]
    [InlineData("Hi {{.Other}}", "Name", "content")]
    [InlineData("a\0b", null, "content")]
    [InlineData("", null, "content")]
    public async Task A_template_with_a_fault_is_refused_when_it_is_saved(string content, string? variable, string param)
    {
        using var admin = Admin();
        using var refused = await admin.PostAsJsonAsync(Collection, New(content, variables: variable is null ? null : [variable]));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(param, (await ErrorAsync(refused))["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_variable_that_its_module_does_not_supply_is_refused_when_it_is_saved_or_assigned()
    {
        using var admin = Admin();
        var timing = (await GetAsync(admin, "/v1/prompt-templates/timing"))["data"]!;
        using var refused = await admin.PatchAsJsonAsync($"{Collection}/{timing["id"]}", new { content = "{{.Weather}}", variables = new[] { "Weather" } });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("CurrentDate", (await ErrorAsync(refused))["message"]!.GetValue<string>(), StringComparison.Ordinal);

        var template = await CreateAsync(admin, New("{{.Weather}}"));
        using var assigned = await admin.PostAsJsonAsync($"{Models}/assign/vendor/model", new { template_key = "timing", prompt_template_id = template["id"]!.GetValue<string>() });
        Assert.Equal(HttpStatusCode.BadRequest, assigned.StatusCode);
        Assert.Equal("prompt_template_id", (await ErrorAsync(assigned))["param"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_copy_has_a_key_of_its_own_and_a_system_template_stays()
    {
        using var admin = Admin();
        var memory = (await GetAsync(admin, "/v1/prompt-templates/memory"))["data"]!;
        using var removed = await admin.DeleteAsync(new Uri($"{Collection}/{memory["id"]}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, removed.StatusCode);

        using var copied = await admin.PostAsJsonAsync($"{Collection}/{memory["id"]}/duplicate", new { new_name = "mine" });
        Assert.Equal(HttpStatusCode.Created, copied.StatusCode);
        var copy = await DataAsync(copied);
        Assert.Equal("mine", copy["name"]!.GetValue<string>());
        Assert.StartsWith("memory_copy_", copy["template_key"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(copy["is_system"]!.GetValue<bool>());
        Assert.True(copy["is_active"]!.GetValue<bool>());
        using var again = await admin.PostAsync(new Uri($"{Collection}/{memory["id"]}/duplicate", UriKind.Relative), LlmApiRequests.Json("{}"));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged()
    {
        using var admin = Admin();
        for (var i = 0; i < 5; i++)
        {
            await CreateAsync(admin, New(isActive: false));
        }

        var names = new List<string>();
        var after = "";
        do
        {
            var page = await GetAsync(admin, $"{Collection}?search={_key}%20_&limit=2&is_active=false{after}");
            Assert.Equal(0, page["total"]!.GetValue<int>());
            page = await GetAsync(admin, $"{Collection}?search={_key}&limit=2&is_active=false&category=tests{after}");
            Assert.Equal(5, page["total"]!.GetValue<int>());
            names.AddRange(page["data"]!.AsArray().Select(row => row!["id"]!.GetValue<string>()));
            after = page["has_more"]!.GetValue<bool>() ? $"&after={page["last_id"]}" : "";
        }
        while (after.Length > 0);
        Assert.Equal(5, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(names.OrderDescending(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task A_model_with_slashes_gets_changes_and_loses_its_own_template()
    {
        using var admin = Admin();
        var one = await CreateAsync(admin, New("one"));
        var two = await CreateAsync(admin, New("two", key: _key + "_2"));
        var id = (JsonNode node) => node["id"]!.GetValue<string>();
        using var assigned = await admin.PostAsJsonAsync($"{Models}/assign/vendor/model", new { template_key = _key, prompt_template_id = id(two), priority = 3 });
        Assert.Equal(HttpStatusCode.OK, assigned.StatusCode);
        Assert.Equal("vendor/model", (await ReadAsync(assigned))["model_catalog_id"]!.GetValue<string>());

        var effective = (await GetAsync(admin, $"{Models}/effective/vendor/model"))["templates"]!;
        Assert.Equal("model_specific", effective[_key]!["source"]!.GetValue<string>());
        Assert.Equal("two", effective[_key]!["template"]!["content"]!.GetValue<string>());
        Assert.Equal("global_default", effective["memory"]!["source"]!.GetValue<string>());

        using var changed = await admin.PatchAsJsonAsync($"{Models}/update/{_key}/vendor/model", new { prompt_template_id = id(one) });
        var row = await ReadAsync(changed);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(id(one), row["prompt_template_id"]!.GetValue<string>());
        Assert.Equal(3, row["priority"]!.GetValue<int>());

        var list = await GetAsync(admin, $"{Models}/list/vendor%2Fmodel");
        Assert.Contains(list["data"]!.AsArray(), item => item!["template_key"]!.GetValue<string>() == _key);
        using var removed = await admin.DeleteAsync(new Uri($"{Models}/unassign/{_key}/vendor/model", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var again = await admin.DeleteAsync(new Uri($"{Models}/unassign/{_key}/vendor/model", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);

        using var nobody = await admin.PostAsJsonAsync($"{Models}/assign/nobody/has-it", new { template_key = _key, prompt_template_id = id(two) });
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        using var nothing = await admin.PostAsJsonAsync($"{Models}/assign/vendor/model", new { template_key = _key, prompt_template_id = "pt_nothing" });
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
    }

    [Fact]
    public async Task Users_see_that_a_template_is_there_and_only_administrators_and_services_what_it_says()
    {
        using var user = api.Client();
        var seen = (await GetAsync(user, "/v1/prompt-templates/deep_research"))["data"]!;
        Assert.Equal("Deep research", seen["name"]!.GetValue<string>());
        Assert.Null(seen["content"]);
        using var service = api.ClientForService("mcp-tools");
        Assert.NotNull((await GetAsync(service, "/v1/prompt-templates/deep_research"))["data"]!["content"]);
        Assert.NotNull((await GetAsync(service, "/internal/prompt-templates/deep_research"))["data"]!["content"]);
        using var internally = await user.GetAsync(new Uri("/internal/prompt-templates/deep_research", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, internally.StatusCode);

        using var missing = await user.GetAsync(new Uri("/v1/prompt-templates/nothing", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var anonymous = await api.Anonymous().GetAsync(new Uri("/v1/prompt-templates/timing", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        using var refused = await user.GetAsync(new Uri(Collection, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private HttpClient Admin() => api.ClientFor(TestCallers.Admin());

    private object New(string content = "text", bool? isActive = null, string[]? variables = null, string? key = null) => new
    {
        name = $"name of {_key}",
        category = "tests",
        template_key = key ?? _key,
        content,
        description = "what for",
        variables,
        metadata = new { k = "v" },
        is_active = isActive,
    };

    private static async Task<JsonNode> CreateAsync(HttpClient admin, object template)
    {
        using var created = await admin.PostAsJsonAsync(Collection, template).Soon();
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return await DataAsync(created);
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    private static async Task<JsonNode> DataAsync(HttpResponseMessage response) => (await ReadAsync(response))["data"]!;

    private static async Task<JsonNode> ErrorAsync(HttpResponseMessage response) => (await ReadAsync(response))["error"]!;
}
