using System.Net;
using System.Text;
using System.Text.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.Settings;

public sealed class SettingsTests(AccountsService service) : IClassFixture<AccountsService>
{
    private const string Path = "/v1/users/me/settings";

    [Fact]
    public async Task A_user_who_chose_nothing_has_the_defaults()
    {
        var (caller, client) = await NewClientAsync();

        var settings = await client.GetAsync(Path).JsonAsync();

        Assert.Equal(caller.UserId.ToString(), settings.Text("user_id"));
        Assert.StartsWith("settings_", settings.Text("id"), StringComparison.Ordinal);
        var memory = settings.GetProperty("memory_config");
        Assert.Equal(
            """{"enabled":true,"observe_enabled":true,"inject_user_core":true,"inject_semantic":true,"inject_episodic":false,"max_user_items":3,"max_project_items":5,"max_episodic_items":3,"min_similarity":0.75}""",
            memory.GetRawText());
        Assert.Equal("Friendly", settings.GetProperty("profile_settings").Text("base_style"));
        Assert.Equal("""{"web_search":false,"code_enabled":false}""", settings.GetProperty("advanced_settings").GetRawText());
        Assert.False(settings.GetProperty("enable_trace").GetBoolean());
        Assert.True(settings.GetProperty("enable_tools").GetBoolean());
        Assert.Equal(
            """{"enable_deep_research":false,"enable_thinking":false,"enable_search":true,"enable_browser":false}""",
            settings.GetProperty("preferences").GetRawText());
        Assert.False(settings.GetProperty("server_capabilities").GetProperty("image_generation_enabled").GetBoolean());
        Assert.Equal(0, await service.Database.ScalarAsync<long>($"SELECT count(*) FROM user_settings WHERE user_id = '{caller.UserId.Value}'"));
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name()
    {
        var (_, client) = await NewClientAsync();

        await PatchAsync(client, """{"memory_config":{"enabled":false,"max_user_items":7},"profile_settings":{"nickname":"Zoë"}}""");
        var settings = await PatchAsync(client, """{"memory_config":{"min_similarity":0.5},"enable_tools":false}""");

        var memory = settings.GetProperty("memory_config");
        Assert.False(memory.GetProperty("enabled").GetBoolean());
        Assert.True(memory.GetProperty("inject_semantic").GetBoolean());
        Assert.Equal(7, memory.GetProperty("max_user_items").GetInt32());
        Assert.Equal(0.5, memory.GetProperty("min_similarity").GetDouble());
        Assert.Equal("Zoë", settings.GetProperty("profile_settings").Text("nick_name"));
        Assert.False(settings.GetProperty("enable_tools").GetBoolean());
        Assert.Equal(settings.GetRawText(), (await client.GetAsync(Path).JsonAsync()).GetRawText());
    }

    [Theory]
    [InlineData("""{"memory_config":{"max_user_items":null}}""")]
    [InlineData("""{"memory_config":null,"enable_trace":null}""")]
    public async Task Null_is_the_default_again(string change)
    {
        var (_, client) = await NewClientAsync();
        await PatchAsync(client, """{"memory_config":{"max_user_items":7},"enable_trace":false}""");

        var settings = await PatchAsync(client, change);

        Assert.Equal(3, settings.GetProperty("memory_config").GetProperty("max_user_items").GetInt32());
        Assert.False(settings.GetProperty("enable_trace").GetBoolean());
    }

    [Fact]
    public async Task Preferences_merge_by_key_and_null_removes_one()
    {
        var (_, client) = await NewClientAsync();
        await PatchAsync(client, """{"preferences":{"selected_model":"m","theme":{"dark":true},"enable_search":false}}""");

        var preferences = (await PatchAsync(client, """{"preferences":{"theme":null,"enable_search":null,"list":[1]}}""", "/preferences"))
            .GetProperty("preferences");

        Assert.Equal("m", preferences.Text("selected_model"));
        Assert.Equal("[1]", preferences.GetProperty("list").GetRawText());
        Assert.False(preferences.TryGetProperty("theme", out _));
        Assert.True(preferences.GetProperty("enable_search").GetBoolean());
        Assert.Equal(preferences.GetRawText(), (await client.GetAsync(Path + "/preferences").JsonAsync()).GetProperty("preferences").GetRawText());
    }

    [Theory]
    [InlineData("memory_config.min_similarity", """{"memory_config":{"min_similarity":1.5}}""")]
    [InlineData("memory_config.min_similarity", """{"memory_config":{"min_similarity":"0.5"}}""")]
    [InlineData("memory_config.max_user_items", """{"memory_config":{"max_user_items":21}}""")]
    [InlineData("memory_config.max_project_items", """{"memory_config":{"max_project_items":-1}}""")]
    [InlineData("memory_config.max_episodic_items", """{"memory_config":{"max_episodic_items":1.5}}""")]
    [InlineData("memory_config.enabled", """{"memory_config":{"enabled":1}}""")]
    [InlineData("memory_config", """{"memory_config":[]}""")]
    [InlineData("profile_settings.base_style", """{"profile_settings":{"base_style":"Rude"}}""")]
    [InlineData("profile_settings.occupation", """{"profile_settings":{"occupation":5}}""")]
    [InlineData("profile_settings", """{"profile_settings":{"nick_name":"a\u0000b"}}""")]
    [InlineData("profile_settings", """{"profile_settings":{"nick_name":"\ud800"}}""")]
    [InlineData("advanced_settings.web_search", """{"advanced_settings":{"web_search":"yes"}}""")]
    [InlineData("enable_trace", """{"enable_trace":"no"}""")]
    [InlineData("preferences", """{"preferences":[]}""")]
    [InlineData("preferences", """{"preferences":{"":1}}""")]
    [InlineData("preferences", """{"preferences":{"a":{"b\u0000":1}}}""")]
    [InlineData("preferences", """{"preferences":{"a":["\udc00"]}}""")]
    public async Task A_value_that_a_setting_may_not_have_is_refused_and_nothing_is_changed(string param, string change)
    {
        var (_, client) = await NewClientAsync();
        var before = await client.GetAsync(Path).JsonAsync();

        var error = await client.PatchAsync(Path, Json(change)).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal(param, error.Text("param"));
        Assert.Equal(before.GetRawText(), (await client.GetAsync(Path).JsonAsync()).GetRawText());
    }

    [Fact]
    public async Task Texts_and_preferences_have_a_bound()
    {
        var (_, client) = await NewClientAsync();
        var text = new string('x', 4001);
        await PatchAsync(client, $$$"""{"preferences":{"a":"{{{new string('x', 20_000)}}}"}}""");

        var tooLong = await client.PatchAsync(Path, Json($$$"""{"profile_settings":{"custom_instructions":"{{{text}}}"}}""")).ErrorAsync(HttpStatusCode.BadRequest);
        var tooMuch = await client.PatchAsync(Path, Json($$$"""{"preferences":{"b":"{{{new string('x', 20_000)}}}"}}""")).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal("profile_settings.custom_instructions", tooLong.Text("param"));
        Assert.Equal("preferences", tooMuch.Text("param"));
    }

    [Fact]
    public async Task Preferences_cannot_be_changed_without_saying_which()
    {
        var (_, client) = await NewClientAsync();

        var error = await client.PatchAsync(Path + "/preferences", Json("{}")).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal("preferences", error.Text("param"));
    }

    [Fact]
    public async Task Changes_at_the_same_time_lose_nothing()
    {
        var (_, client) = await NewClientAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => PatchAsync(client, $$$"""{"preferences":{"key{{{i}}}":{{{i}}}}}""")));

        var preferences = (await client.GetAsync(Path).JsonAsync()).GetProperty("preferences");
        Assert.All(Enumerable.Range(0, 16), i => Assert.Equal(i, preferences.GetProperty($"key{i}").GetInt32()));
    }

    [Fact]
    public async Task Settings_are_the_users_own()
    {
        var (ann, client) = await NewClientAsync();
        var (_, other) = await NewClientAsync();
        await PatchAsync(client, """{"profile_settings":{"nick_name":"Ann"}}""");

        Assert.Equal("", (await other.GetAsync(Path).JsonAsync()).GetProperty("profile_settings").Text("nick_name"));
        using var narrow = service.ClientFor(ann.ByApiKey(Scopes.Inference));
        using var wide = service.ClientFor(ann.ByApiKey(Scopes.All));
        using var anonymous = service.Anonymous();
        await narrow.GetAsync(Path).ErrorAsync(HttpStatusCode.Forbidden);
        await anonymous.GetAsync(Path).ErrorAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Ann", (await wide.GetAsync(Path).JsonAsync()).GetProperty("profile_settings").Text("nick_name"));
    }

    [Fact]
    public async Task Other_services_read_what_a_user_chose()
    {
        var (caller, client) = await NewClientAsync();
        await PatchAsync(client, """{"profile_settings":{"nick_name":"Ann"},"preferences":{"theme":"dark"}}""");

        var settings = await service.Accounts().FindSettingsAsync(caller.UserId, CancellationToken.None);
        var unknown = await service.Accounts().FindSettingsAsync(Id<UserRef>.New(TimeProvider.System), CancellationToken.None);

        Assert.Equal(("Ann", "Friendly"), (settings.ProfileSettings.NickName, settings.ProfileSettings.BaseStyle));
        Assert.Equal("dark", settings.Preferences["theme"].GetString());
        Assert.True(settings.Preferences["enable_search"].GetBoolean());
        Assert.Equal((new(), true, 0.75), (unknown.ProfileSettings, unknown.EnableTools, unknown.MemoryConfig.MinSimilarity));
        await client.GetAsync($"/internal/users/{caller.UserId}/settings").ErrorAsync(HttpStatusCode.Forbidden);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static Task<JsonElement> PatchAsync(HttpClient client, string change, string below = "") =>
        client.PatchAsync(Path + below, Json(change)).JsonAsync();

    private async Task<(Caller Caller, HttpClient Client)> NewClientAsync()
    {
        var caller = await service.NewUserAsync();
        return (caller, service.ClientFor(caller));
    }
}
