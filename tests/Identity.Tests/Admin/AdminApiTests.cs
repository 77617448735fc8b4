using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JanServer.Identity.Tests.Admin;

public sealed class AdminApiTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const string Users = "/admin/realms/jan/users";

    [Fact]
    public async Task A_guest_is_made_the_way_accounts_makes_one()
    {
        using var admin = await host.AdminAsync();
        var username = $"guest-{Guid.CreateVersion7()}";

        using var created = await admin.PostAsJsonAsync(Users, new
        {
            username,
            email = $"{username}@temp.jan.ai",
            enabled = true,
            attributes = new { guest = new[] { "true" } },
        });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.StartsWith($"{IdentityHost.PublicUrl}{Users}/", created.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        var id = created.Headers.Location.Segments[^1];
        var role = await admin.GetFromJsonAsync<JsonElement>("/admin/realms/jan/roles/guest");
        using var assigned = await admin.PostAsJsonAsync($"{Users}/{id}/role-mappings/realm", new[] { role });
        Assert.Equal(HttpStatusCode.NoContent, assigned.StatusCode);
        using var reset = await admin.PutAsJsonAsync(
            $"{Users}/{id}/reset-password", new { type = "password", value = "a long random one", temporary = false });
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);

        using var answer = await host.PasswordAsync($"{username}@temp.jan.ai", "a long random one");

        var claims = IdentityHost.ClaimsOf((await IdentityHost.JsonAsync(answer)).GetProperty("access_token").GetString()!);
        Assert.Equal(id, claims.GetProperty("sub").GetString());
        Assert.True(claims.GetProperty("guest").GetBoolean());
        Assert.Contains("guest", claims.GetProperty("realm_access").GetProperty("roles").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task A_name_or_a_mail_that_is_taken_is_a_conflict()
    {
        var user = await host.UserAsync();
        using var admin = await host.AdminAsync();

        using var sameName = await admin.PostAsJsonAsync(Users, new { username = user.Name.ToUpperInvariant() });
        using var sameMail = await admin.PostAsJsonAsync(Users, new { username = user.Name + "x", email = user.Email });

        Assert.Equal(HttpStatusCode.Conflict, sameName.StatusCode);
        Assert.Equal("User exists with same username", (await IdentityHost.JsonAsync(sameName)).GetProperty("errorMessage").GetString());
        Assert.Equal(HttpStatusCode.Conflict, sameMail.StatusCode);
        Assert.Equal("User exists with same email", (await IdentityHost.JsonAsync(sameMail)).GetProperty("errorMessage").GetString());
    }

    [Fact]
    public async Task Users_are_found_by_part_exactly_by_attribute_and_by_page()
    {
        var mark = $"m{Guid.CreateVersion7():n}";
        var user = await host.UserAsync(new { mark = new[] { mark } });
        await host.UserAsync(new { mark = new[] { mark } });
        using var admin = await host.AdminAsync();

        Assert.Equal([user.Id], await FindAsync(admin, $"search={user.Name[3..]}"));
        Assert.Equal([user.Id], await FindAsync(admin, $"username={user.Name}&exact=true"));
        Assert.Empty(await FindAsync(admin, $"username={user.Name[..^1]}&exact=true"));
        Assert.Equal([user.Id], await FindAsync(admin, $"email={user.Name}"));
        Assert.Equal(2, (await FindAsync(admin, $"q=mark:{mark}")).Count);
        Assert.Single(await FindAsync(admin, $"q=mark:{mark}&first=1&max=1"));
        Assert.Empty(await FindAsync(admin, $"q=mark:{mark}&enabled=false"));
        Assert.Empty(await FindAsync(admin, "search=%25%25%25"));
        Assert.Equal(2, await admin.GetFromJsonAsync<int>($"{Users}/count?q=mark:{mark}"));
        Assert.DoesNotContain(
            "admin", (await admin.GetFromJsonAsync<JsonElement>(Users)).EnumerateArray().Select(row => row.GetProperty("username").GetString()));
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_replaces_attributes()
    {
        var user = await host.UserAsync(new { a = new[] { "1" }, b = new[] { "2" } });
        using var admin = await host.AdminAsync();

        using var updated = await admin.PutAsJsonAsync($"{Users}/{user.Id}", new { lastName = "New", attributes = new { c = new[] { "3", "4" } } });

        Assert.Equal(HttpStatusCode.NoContent, updated.StatusCode);
        var now = await admin.GetFromJsonAsync<JsonElement>($"{Users}/{user.Id}");
        Assert.Equal("""{"c":["3","4"]}""", now.GetProperty("attributes").GetRawText());
        Assert.Equal(("Ann", "New"), (now.GetProperty("firstName").GetString(), now.GetProperty("lastName").GetString()));
        Assert.Equal(user.Email, now.GetProperty("email").GetString());
        using var stillWorks = await host.PasswordAsync(user.Name, TestUser.Password);
        Assert.Equal(HttpStatusCode.OK, stillWorks.StatusCode);
    }

    [Fact]
    public async Task A_deleted_user_is_gone_with_all_sessions()
    {
        var user = await host.UserAsync();
        var tokens = await host.SignInAsync(user);
        using var admin = await host.AdminAsync();

        using var deleted = await admin.DeleteAsync($"{Users}/{user.Id}");
        using var again = await admin.DeleteAsync($"{Users}/{user.Id}");
        using var refreshed = await host.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal("""{"error":"User not found"}""", await again.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, refreshed.StatusCode);
    }

    [Fact]
    public async Task Roles_are_given_and_taken()
    {
        var user = await host.UserAsync();
        var name = $"r{Guid.CreateVersion7():n}";
        using var admin = await host.AdminAsync();

        using var created = await admin.PostAsJsonAsync("/admin/realms/jan/roles", new { name, description = "d" });
        using var twice = await admin.PostAsJsonAsync("/admin/realms/jan/roles", new { name });
        using var given = await admin.PostAsJsonAsync($"{Users}/{user.Id}/role-mappings/realm", new[] { new { name } });
        using var unknown = await admin.PostAsJsonAsync($"{Users}/{user.Id}/role-mappings/realm", new[] { new { name = "no-such" } });

        Assert.Equal(
            (HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.NoContent, HttpStatusCode.NotFound),
            (created.StatusCode, twice.StatusCode, given.StatusCode, unknown.StatusCode));
        Assert.Equal([name, "user"], await NamesAsync(admin, $"{Users}/{user.Id}/role-mappings/realm"));
        Assert.Equal([user.Name], await NamesAsync(admin, $"/admin/realms/jan/roles/{name}/users", "username"));

        using var taken = await SendAsync(admin, HttpMethod.Delete, $"{Users}/{user.Id}/role-mappings/realm", new[] { new { name } });
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        Assert.Equal(["user"], await NamesAsync(admin, $"{Users}/{user.Id}/role-mappings/realm"));
        using var deleted = await admin.DeleteAsync($"/admin/realms/jan/roles/{name}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Groups_have_attributes_and_members()
    {
        var user = await host.UserAsync();
        var name = $"g{Guid.CreateVersion7():n}";
        using var admin = await host.AdminAsync();
        using var created = await admin.PostAsJsonAsync("/admin/realms/jan/groups", new { name });
        using var twice = await admin.PostAsJsonAsync("/admin/realms/jan/groups", new { name });
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict), (created.StatusCode, twice.StatusCode));
        var group = created.Headers.Location!.AbsolutePath;

        using var updated = await admin.PutAsJsonAsync(group, new { name, attributes = new { feature_flags = new[] { "x" } } });
        using var joined = await admin.PutAsync($"{Users}/{user.Id}/groups/{group.Split('/')[^1]}", null);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (updated.StatusCode, joined.StatusCode));
        var read = await admin.GetFromJsonAsync<JsonElement>(group);
        Assert.Equal("/" + name, read.GetProperty("path").GetString());
        Assert.Equal("x", read.GetProperty("attributes").GetProperty("feature_flags")[0].GetString());
        Assert.Equal([user.Name], await NamesAsync(admin, $"{group}/members", "username"));
        Assert.Equal([name, "standard"], await NamesAsync(admin, $"{Users}/{user.Id}/groups"));

        using var left = await admin.DeleteAsync($"{Users}/{user.Id}/groups/{group.Split('/')[^1]}");
        Assert.Empty(await NamesAsync(admin, $"{group}/members", "username"));
        using var deleted = await admin.DeleteAsync(group);
        using var missing = await admin.GetAsync(group);
        Assert.Equal(
            (HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (left.StatusCode, deleted.StatusCode, missing.StatusCode));
    }

    [Fact]
    public async Task The_api_is_closed_to_users_and_open_to_the_backend()
    {
        var user = await host.SignInAsync(await host.UserAsync());
        using var service = await host.TokenAsync(
            "jan", ("grant_type", "client_credentials"), ("client_id", "backend"), ("client_secret", IdentityHost.BackendSecret));
        var tokens = await IdentityHost.JsonAsync(service);
        Assert.False(tokens.TryGetProperty("refresh_token", out _));
        Assert.Equal(300, tokens.GetProperty("expires_in").GetInt32());

        using var nobody = host.Client();
        using var someone = IdentityHost.With(host.Client(), user.GetProperty("access_token").GetString()!);
        using var backend = IdentityHost.With(host.Client(), tokens.GetProperty("access_token").GetString()!);

        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(Users)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await someone.GetAsync(Users)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await someone.PostAsJsonAsync(Users, new { username = "intruder" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await backend.GetAsync(Users)).StatusCode);
    }

    [Theory]
    [InlineData("""{"username":"a/b"}""")]
    [InlineData("""{"username":""}""")]
    [InlineData("""{"username":"x","email":"not a mail"}""")]
    [InlineData("""{"username":"x","credentials":[{"type":"password","value":"short"}]}""")]
    [InlineData("""{"username":""")]
    public async Task A_bad_user_is_refused_with_a_reason(string json)
    {
        using var admin = await host.AdminAsync();

        using var answer = await admin.PostAsync(Users, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var body = await IdentityHost.JsonAsync(answer);
        Assert.True(body.TryGetProperty("errorMessage", out _) || body.TryGetProperty("error", out _));
    }

    private static async Task<List<Guid>> FindAsync(HttpClient admin, string query) =>
        [.. (await admin.GetFromJsonAsync<JsonElement>($"{Users}?{query}")).EnumerateArray().Select(user => user.GetProperty("id").GetGuid())];

    private static async Task<List<string>> NamesAsync(HttpClient admin, string path, string member = "name") =>
        [.. (await admin.GetFromJsonAsync<JsonElement>(path)).EnumerateArray().Select(row => row.GetProperty(member).GetString()!)];

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        return await http.SendAsync(request);
    }
}
