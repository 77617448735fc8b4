using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Identity.Tests;

namespace JanServer.Accounts.Tests.AdminUsers;

[Collection(WithIdentity.Name)]
public sealed class AdminUserTests(AccountsWithIdentity service)
{
    private const string Users = "/v1/admin/users";

    [Fact]
    public async Task A_user_that_an_administrator_makes_signs_in_with_its_password()
    {
        var (admin, _) = service.Admin();

        var (id, name) = await service.NewUserAsync(admin);

        Assert.Equal(id, IdentityHost.ClaimsOf(await service.TokenAsync(name)).GetProperty("sub").GetString());
        var user = await admin.GetAsync($"{Users}/{id}").JsonAsync();
        Assert.Equal((id, name, $"{name}@example.com"), (user.Text("id"), user.Text("username"), user.Text("email")));
        Assert.Equal(("Ann", "Other"), (user.Text("firstName"), user.Text("lastName")));
        Assert.True(user.GetProperty("enabled").GetBoolean());
        Assert.False(user.GetProperty("is_guest").GetBoolean());
    }

    [Theory]
    [InlineData("email", """{"username":"x"}""")]
    [InlineData("username", """{"email":"x@example.com"}""")]
    [InlineData("email", """{"email":"","username":"x"}""")]
    [InlineData("email", """{"email":"no address","username":"x"}""")]
    [InlineData("username", """{"email":"x@example.com","username":"  "}""")]
    [InlineData("username", """{"email":"x@example.com","username":"a/b"}""")]
    [InlineData("first_name", """{"email":"x@example.com","username":"x","first_name":"a\u0000"}""")]
    [InlineData("password", """{"email":"x@example.com","username":"bad_password","password":""}""")]
    [InlineData("password", """{"email":"x@example.com","username":"bad_password","password":"short"}""")]
    public async Task A_user_that_cannot_be_is_refused_and_nothing_is_made_up(string param, string body)
    {
        var (admin, _) = service.Admin();

        var error = await admin.PostAsync(Users, Json(body)).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal(param, error.Text("param"));
        Assert.Empty(await FindAsync(admin, "search=bad_password"));
    }

    [Fact]
    public async Task A_name_or_an_address_that_is_taken_is_a_conflict()
    {
        var (admin, _) = service.Admin();
        var (_, name) = await service.NewUserAsync(admin);
        var (other, _) = await service.NewUserAsync(admin);

        var byName = await admin.PostAsJsonAsync(Users, new { email = $"x{name}@example.com", username = name }).ErrorAsync(HttpStatusCode.Conflict);
        var byEmail = await admin.PostAsJsonAsync(Users, new { email = $"{name}@example.com", username = $"x{name}" }).ErrorAsync(HttpStatusCode.Conflict);
        var change = await admin.PatchAsJsonAsync($"{Users}/{other}", new { username = name }).ErrorAsync(HttpStatusCode.Conflict);

        Assert.Equal(("username", "email", "username"), (byName.Text("param"), byEmail.Text("param"), change.Text("param")));
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name()
    {
        var (admin, _) = service.Admin();
        var (id, name) = await service.NewUserAsync(admin);

        var changed = await admin.PatchAsJsonAsync($"{Users}/{id}", new { first_name = "Beth" }).JsonAsync();
        var empty = await admin.PatchAsync($"{Users}/{id}", Json("{}")).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal(("Beth", "Other", name), (changed.Text("firstName"), changed.Text("lastName"), changed.Text("username")));
        Assert.True(changed.GetProperty("enabled").GetBoolean());
        Assert.Equal("missing_required_parameter", empty.Text("code"));
    }

    [Fact]
    public async Task Users_are_found_by_every_combination_of_conditions()
    {
        var (admin, _) = service.Admin();
        var (group, groupName) = await AccountsWithIdentity.NewGroupAsync(admin);
        var flag = await AccountsWithIdentity.NewFlagAsync(admin);
        await admin.PostAsync($"/v1/admin/groups/{group}/feature-flags/{flag}", null).JsonAsync();
        var (ann, annName) = await service.NewUserAsync(admin);
        var (bob, bobName) = await service.NewUserAsync(admin);
        await admin.PostAsync($"{Users}/{ann}/groups/{group}", null).JsonAsync();
        await admin.PostAsync($"{Users}/{bob}/groups/{group}", null).JsonAsync();
        await admin.PostAsync($"{Users}/{bob}/roles/admin", null).JsonAsync();
        await admin.PostAsync($"{Users}/{ann}/deactivate", null).JsonAsync();

        Assert.Equal([ann], await FindAsync(admin, $"search={annName}"));
        Assert.Equal([ann, bob], await FindAsync(admin, $"group_id={group}"));
        Assert.Equal([bob], await FindAsync(admin, $"group_id={group}&role=admin"));
        Assert.Equal([bob], await FindAsync(admin, $"group_id={group}&enabled=true"));
        Assert.Equal([ann], await FindAsync(admin, $"group_id={group}&search={annName}"));
        Assert.Equal([ann], await FindAsync(admin, $"search={annName}&enabled=false"));
        Assert.Empty(await FindAsync(admin, $"search={annName}&enabled=true"));
        Assert.Contains(bob, await FindAsync(admin, $"role=admin&search={bobName}"));
        var found = (await admin.GetAsync($"{Users}?search={bobName}").JsonAsync()).GetProperty("data")[0];
        Assert.Contains("admin", Texts(found, "roles"));
        Assert.Contains($"/{groupName}", Texts(found, "groups"));
        Assert.Equal([flag], Texts(found, "featureFlags"));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap_also_when_conditions_are_checked_here()
    {
        var (admin, _) = service.Admin();
        var (group, _) = await AccountsWithIdentity.NewGroupAsync(admin);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await service.NewUserAsync(admin)).Id);
            await admin.PostAsync($"{Users}/{ids[i]}/groups/{group}", null).JsonAsync();
        }

        foreach (var condition in new[] { "", "&exclude_guests=true" })
        {
            var first = await admin.GetAsync($"{Users}?group_id={group}{condition}&max=2").JsonAsync();
            var second = await admin.GetAsync($"{Users}?group_id={group}{condition}&first=2&max=2").JsonAsync();

            Assert.True(first.GetProperty("has_more").GetBoolean());
            Assert.False(second.GetProperty("has_more").GetBoolean());
            Assert.Equal(ids, Ids(first).Concat(Ids(second)));
        }
    }

    [Fact]
    public async Task Guests_can_be_left_out()
    {
        var (admin, _) = service.Admin();
        using var anonymous = service.Anonymous();
        var guest = await anonymous.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);
        var name = guest.Text("username");

        var one = Assert.Single((await admin.GetAsync($"{Users}?search={name}").JsonAsync()).GetProperty("data").EnumerateArray());

        Assert.True(one.GetProperty("is_guest").GetBoolean());
        Assert.Empty(await FindAsync(admin, $"search={name}&exclude_guests=true"));
    }

    [Theory]
    [InlineData("max", "max=201")]
    [InlineData("max", "max=0")]
    [InlineData("first", "first=-1")]
    [InlineData("group_id", "group_id=00000000-0000-0000-0000-000000000000")]
    [InlineData("role", "role=nobody_has_this")]
    public async Task A_condition_that_cannot_be_met_is_named(string param, string query)
    {
        var (admin, _) = service.Admin();

        var error = await admin.GetAsync($"{Users}?{query}").ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal(param, error.Text("param"));
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("nobody")]
    [InlineData("a%2Fb")]
    [InlineData("a%3Fb")]
    public async Task An_unknown_user_is_a_404_everywhere(string id)
    {
        var (admin, _) = service.Admin();
        var (group, _) = await AccountsWithIdentity.NewGroupAsync(admin);

        await admin.GetAsync($"{Users}/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await admin.DeleteAsync($"{Users}/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await admin.PostAsync($"{Users}/{id}/roles/admin", null).ErrorAsync(HttpStatusCode.NotFound);
        await admin.PostAsync($"{Users}/{id}/groups/{group}", null).ErrorAsync(HttpStatusCode.NotFound);
        await admin.PostAsync($"{Users}/{id}/activate", null).ErrorAsync(HttpStatusCode.NotFound);
        await admin.PostAsync($"{Users}/{id}/deactivate", null).ErrorAsync(HttpStatusCode.NotFound);
        await admin.PatchAsJsonAsync($"{Users}/{id}", new { first_name = "x" }).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_unknown_role_or_group_is_a_404_that_says_so()
    {
        var (admin, _) = service.Admin();
        var (id, _) = await service.NewUserAsync(admin);

        var role = await admin.PostAsync($"{Users}/{id}/roles/nothing", null).ErrorAsync(HttpStatusCode.NotFound);
        var group = await admin.DeleteAsync($"{Users}/{id}/groups/{Guid.CreateVersion7()}").ErrorAsync(HttpStatusCode.NotFound);

        Assert.Contains("role", role.Text("message"), StringComparison.Ordinal);
        Assert.Contains("group", group.Text("message"), StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static IEnumerable<string> Ids(JsonElement list) => list.GetProperty("data").EnumerateArray().Select(user => user.Text("id"));

    private static IEnumerable<string?> Texts(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(text => text.GetString());

    private static async Task<IEnumerable<string>> FindAsync(HttpClient admin, string query) =>
        Ids(await admin.GetAsync($"{Users}?max=200&{query}").JsonAsync());
}
