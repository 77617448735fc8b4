using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JanServer.Accounts.Tests.Fixtures;

namespace JanServer.Accounts.Tests.AdminGroups;

[Collection(WithIdentity.Name)]
public sealed class AdminGroupTests(AccountsWithIdentity service)
{
    private const string Groups = "/v1/admin/groups";

    [Fact]
    public async Task A_group_is_made_changed_and_removed()
    {
        var (admin, _) = service.Admin();
        var (id, name) = await AccountsWithIdentity.NewGroupAsync(admin);

        var renamed = await admin.PatchAsJsonAsync($"{Groups}/{id}", new { name = $"{name}x" }).JsonAsync();
        await admin.PatchAsync($"{Groups}/{id}", Json("""{"attributes":{"cost_center":["7"]}}""")).JsonAsync();
        var replaced = await admin.PatchAsync($"{Groups}/{id}", Json("""{"attributes":{"floor":["1","2"]}}""")).JsonAsync();
        var read = await admin.GetAsync($"{Groups}/{id}").JsonAsync();

        Assert.Equal($"{name}x", renamed.Text("name"));
        Assert.Equal("""{"floor":["1","2"]}""", replaced.GetProperty("attributes").GetRawText());
        Assert.Equal(($"{name}x", $"/{name}x", """{"floor":["1","2"]}"""), (read.Text("name"), read.Text("path"), read.GetProperty("attributes").GetRawText()));
        await admin.DeleteAsync($"{Groups}/{id}").JsonAsync(HttpStatusCode.NoContent);
        await admin.GetAsync($"{Groups}/{id}").ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Flags_change_and_every_other_attribute_stays()
    {
        var (admin, _) = service.Admin();
        var (id, _) = await AccountsWithIdentity.NewGroupAsync(admin);
        var (one, two) = (await AccountsWithIdentity.NewFlagAsync(admin), await AccountsWithIdentity.NewFlagAsync(admin));
        await admin.PatchAsync($"{Groups}/{id}", Json("""{"attributes":{"cost_center":["7"]}}""")).JsonAsync();

        await admin.PatchAsJsonAsync($"{Groups}/{id}/feature-flags", new { flags = new[] { one } }).JsonAsync();
        var both = await admin.PostAsync($"{Groups}/{id}/feature-flags/{two}", null).JsonAsync();
        await admin.PostAsync($"{Groups}/{id}/feature-flags/{two}", null).JsonAsync();
        await admin.DeleteAsync($"{Groups}/{id}/feature-flags/{one}").JsonAsync();

        Assert.Equal(new[] { one, two }.Order(StringComparer.Ordinal), Flags(both));
        Assert.Equal([two], Flags(await admin.GetAsync($"{Groups}/{id}/feature-flags").JsonAsync()));
        var attributes = (await admin.GetAsync($"{Groups}/{id}").JsonAsync()).GetProperty("attributes");
        Assert.Equal("7", attributes.GetProperty("cost_center")[0].GetString());
    }

    [Fact]
    public async Task Flags_added_at_the_same_time_are_all_there()
    {
        var (admin, _) = service.Admin();
        var (id, _) = await AccountsWithIdentity.NewGroupAsync(admin);
        var flags = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AccountsWithIdentity.NewFlagAsync(admin)));

        await Task.WhenAll(flags.Select(flag => admin.PostAsync($"{Groups}/{id}/feature-flags/{flag}", null).JsonAsync()));

        Assert.Equal(flags.Order(StringComparer.Ordinal), Flags(await admin.GetAsync($"{Groups}/{id}/feature-flags").JsonAsync()));
    }

    [Fact]
    public async Task A_group_carries_no_flag_that_nobody_defined()
    {
        var (admin, _) = service.Admin();
        var (id, _) = await AccountsWithIdentity.NewGroupAsync(admin);

        var error = await admin.PatchAsJsonAsync($"{Groups}/{id}/feature-flags", new { flags = new[] { "experimental_models", "no_such_flag" } })
            .ErrorAsync(HttpStatusCode.BadRequest);
        var missing = await admin.PatchAsync($"{Groups}/{id}/feature-flags", Json("{}")).ErrorAsync(HttpStatusCode.BadRequest);
        await admin.PostAsync($"{Groups}/{id}/feature-flags/no_such_flag", null).ErrorAsync(HttpStatusCode.NotFound);

        Assert.Equal(("flags[1]", "flags"), (error.Text("param"), missing.Text("param")));
        Assert.Empty(Flags(await admin.GetAsync($"{Groups}/{id}/feature-flags").JsonAsync()));
    }

    [Fact]
    public async Task Members_and_groups_are_listed_by_page()
    {
        var (admin, _) = service.Admin();
        var (id, name) = await AccountsWithIdentity.NewGroupAsync(admin);
        var (user, _) = await service.NewUserAsync(admin);
        await admin.PostAsync($"/v1/admin/users/{user}/groups/{id}", null).JsonAsync();

        var members = await admin.GetAsync($"{Groups}/{id}/members").JsonAsync();
        var groups = await admin.GetAsync($"{Groups}?max=200").JsonAsync();
        var one = await admin.GetAsync($"{Groups}?max=1").JsonAsync();

        var member = Assert.Single(members.GetProperty("data").EnumerateArray());
        Assert.Equal(user, member.Text("id"));
        Assert.Contains($"/{name}", member.GetProperty("groups").EnumerateArray().Select(path => path.GetString()));
        Assert.Contains(groups.GetProperty("data").EnumerateArray(), group => group.Text("id") == id);
        Assert.Single(one.GetProperty("data").EnumerateArray());
        Assert.True(one.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict()
    {
        var (admin, _) = service.Admin();
        var (_, name) = await AccountsWithIdentity.NewGroupAsync(admin);
        var (other, _) = await AccountsWithIdentity.NewGroupAsync(admin);

        var made = await admin.PostAsJsonAsync(Groups, new { name }).ErrorAsync(HttpStatusCode.Conflict);
        await admin.PatchAsJsonAsync($"{Groups}/{other}", new { name }).ErrorAsync(HttpStatusCode.Conflict);

        Assert.Equal("name", made.Text("param"));
    }

    [Theory]
    [InlineData("name", """{}""")]
    [InlineData("name", """{"name":" "}""")]
    [InlineData("name", """{"name":"a/b"}""")]
    public async Task A_group_needs_a_name(string param, string body)
    {
        var (admin, _) = service.Admin();

        Assert.Equal(param, (await admin.PostAsync(Groups, Json(body)).ErrorAsync(HttpStatusCode.BadRequest)).Text("param"));
    }

    [Fact]
    public async Task An_unknown_group_is_a_404_everywhere()
    {
        var (admin, _) = service.Admin();
        var id = Guid.CreateVersion7();

        await admin.GetAsync($"{Groups}/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await admin.GetAsync($"{Groups}/{id}/members").ErrorAsync(HttpStatusCode.NotFound);
        await admin.GetAsync($"{Groups}/{id}/feature-flags").ErrorAsync(HttpStatusCode.NotFound);
        await admin.DeleteAsync($"{Groups}/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await admin.PatchAsJsonAsync($"{Groups}/{id}", new { name = "x" }).ErrorAsync(HttpStatusCode.NotFound);
        await admin.PatchAsJsonAsync($"{Groups}/{id}/feature-flags", new { flags = Array.Empty<string>() }).ErrorAsync(HttpStatusCode.NotFound);
        await admin.PostAsync($"{Groups}/{id}/feature-flags/experimental_models", null).ErrorAsync(HttpStatusCode.NotFound);
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static IEnumerable<string?> Flags(JsonElement list) => list.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString());
}
