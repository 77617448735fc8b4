using System.Net;
using System.Text.Json;
using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.McpTools.Tests.External.Servers;

public sealed class ServerTests(ExternalService service) : IClassFixture<ExternalService>
{
    private const string Own = "/v1/mcp/servers";
    private const string All = "/v1/admin/mcp/servers";

    // Refused at once, which is all that these tests need of a server.
    private const string Url = "http://localhost:9/mcp";

    [Fact]
    public async Task A_server_is_registered_described_and_removed()
    {
        using var client = service.ClientFor(TestCallers.User());

        var made = await client.SendAsync("POST", Own, new { label = "mine", url = Url, description = "My own.", timeout_seconds = 30 }).JsonAsync(HttpStatusCode.Created);
        var id = made.Text("id");
        Assert.StartsWith("mcps_", id, StringComparison.Ordinal);
        Assert.Equal("user", made.Text("scope"));
        Assert.Equal("http", made.Text("transport"));
        Assert.True(made.GetProperty("enabled").GetBoolean());

        var read = await client.SendAsync("GET", $"{Own}/{id}").JsonAsync();
        Assert.Equal(made.GetRawText(), read.GetRawText());

        await client.SendAsync("DELETE", $"{Own}/{id}").JsonAsync();
        await client.SendAsync("GET", $"{Own}/{id}").ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_secret_is_never_shown_and_never_stored_in_the_clear()
    {
        using var client = service.ClientFor(TestCallers.User());
        const string secret = "a-secret-of-the-test-9f3a";

        var made = await client.SendAsync("POST", Own, new
        {
            label = "secret",
            url = Url,
            auth = "oauth",
            headers = new Dictionary<string, string> { ["X-Token"] = secret },
            oauth = new { client_id = "me", client_secret = secret },
        }).JsonAsync(HttpStatusCode.Created);
        var listed = await client.SendAsync("GET", Own).JsonAsync();

        Assert.Equal("X-Token", Assert.Single(made.GetProperty("header_names").EnumerateArray()).GetString());
        Assert.True(made.GetProperty("oauth").GetProperty("client_secret_set").GetBoolean());
        Assert.DoesNotContain(secret, made.GetRawText() + listed.GetRawText(), StringComparison.Ordinal);
        Assert.False(await service.Database.ScalarAsync<bool>(
            $"SELECT bool_or(encode(secrets, 'escape') LIKE '%{secret}%' OR external_servers::text LIKE '%{secret}%') FROM external_servers"));
    }

    [Theory]
    [InlineData("""{"url":"http://localhost/"}""", "label")]
    [InlineData("""{"label":"","url":"http://localhost/"}""", "label")]
    [InlineData("""{"label":"Upper","url":"http://localhost/"}""", "label")]
    [InlineData("""{"label":"a_b","url":"http://localhost/"}""", "label")]
    [InlineData("""{"label":"a\n","url":"http://localhost/"}""", "label")]
    [InlineData("""{"label":"a23456789012345678901234567890123","url":"http://localhost/"}""", "label")]
    [InlineData("""{"label":"a"}""", "url")]
    [InlineData("""{"label":"a","url":"localhost"}""", "url")]
    [InlineData("""{"label":"a","url":"http://ann:pw@localhost/"}""", "url")]
    [InlineData("""{"label":"a","url":"http://localhost/#part"}""", "url")]
    [InlineData("""{"label":"a","url":"http://localhost/","transport":"smoke"}""", "transport")]
    [InlineData("""{"label":"a","transport":"stdio","command":"sh"}""", "transport")]
    [InlineData("""{"label":"a","url":"http://localhost/","auth":"basic"}""", "auth")]
    [InlineData("""{"label":"a","url":"http://localhost/","command":"sh"}""", "command")]
    [InlineData("""{"label":"a","url":"http://localhost/","env":{"A":"b"}}""", "env")]
    [InlineData("""{"label":"a","url":"http://localhost/","headers":{"Host":"b"}}""", "headers.Host")]
    [InlineData("""{"label":"a","url":"http://localhost/","headers":{"Mcp-Session-Id":"b"}}""", "headers.Mcp-Session-Id")]
    [InlineData("""{"label":"a","url":"http://localhost/","headers":{"A":"b\r\nC: d"}}""", "headers.A")]
    [InlineData("""{"label":"a","url":"http://localhost/","headers":{"A b":"c"}}""", "headers")]
    [InlineData("""{"label":"a","url":"http://localhost/","oauth":{"client_id":"x"}}""", "oauth")]
    [InlineData("""{"label":"a","url":"http://localhost/","auth":"oauth","oauth":{"client_secret":"x"}}""", "oauth.client_id")]
    [InlineData("""{"label":"a","url":"http://localhost/","auth":"oauth","oauth":{"scopes":["a b"]}}""", "oauth.scopes")]
    [InlineData("""{"label":"a","url":"http://localhost/","require_approval":"sometimes"}""", "require_approval")]
    [InlineData("""{"label":"a","url":"http://localhost/","timeout_seconds":0}""", "timeout_seconds")]
    [InlineData("""{"label":"a","url":"http://localhost/","denied_tools":[""]}""", "denied_tools")]
    [InlineData("""{"label":"a","url":"http://localhost/","organization_id":"org_1"}""", "organization_id")]
    public async Task What_is_not_right_is_refused_with_its_name(string body, string param)
    {
        using var client = service.ClientFor(TestCallers.User());
        await client.SendAsync("POST", Own, body).ErrorAsync(HttpStatusCode.BadRequest, param);
    }

    [Fact]
    public async Task A_label_is_given_once_to_each_owner()
    {
        using var ann = service.ClientFor(TestCallers.User());
        using var bob = service.ClientFor(TestCallers.User());
        var server = new { label = "same", url = Url };
        await ann.RegisterAsync(server);

        await ann.SendAsync("POST", Own, server).ErrorAsync(HttpStatusCode.Conflict, "label");
        await bob.RegisterAsync(server);

        var other = await ann.RegisterAsync(new { label = "other", url = Url });
        await ann.SendAsync("PATCH", $"{Own}/{other}", new { label = "same" }).ErrorAsync(HttpStatusCode.Conflict, "label");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/tools")]
    [InlineData("PATCH", "/tools/echo")]
    [InlineData("POST", "/refresh")]
    [InlineData("POST", "/test")]
    [InlineData("POST", "/authorize")]
    [InlineData("GET", "/authorization")]
    [InlineData("DELETE", "/authorization")]
    public async Task A_server_of_somebody_else_is_as_none(string method, string path)
    {
        var owner = TestCallers.User();
        using var ann = service.ClientFor(owner);
        var id = await ann.RegisterAsync(new { label = $"l{Guid.CreateVersion7():N}"[..32], url = Url, auth = "oauth" });
        var body = method is "PATCH" or "POST" ? "{}" : null;

        using var bob = service.ClientFor(TestCallers.User());
        await bob.SendAsync(method, $"{Own}/{id}{path}", body).ErrorAsync(HttpStatusCode.NotFound);
        await bob.SendAsync(method, $"{Own}/mcps_nothing{path}", body).ErrorAsync(HttpStatusCode.NotFound);

        using var elsewhere = service.ClientFor(owner with { ProjectId = TestCallers.User().ProjectId });
        await elsewhere.SendAsync(method, $"{Own}/{id}{path}", body).ErrorAsync(HttpStatusCode.NotFound);
        Assert.Equal("oauth", (await ann.SendAsync("GET", $"{Own}/{id}").JsonAsync()).Text("auth"));
    }

    [Fact]
    public async Task Administrators_do_not_see_the_servers_of_users()
    {
        using var ann = service.ClientFor(TestCallers.User());
        using var admin = service.ClientFor(TestCallers.Admin());
        var id = await ann.RegisterAsync(new { label = "private", url = Url });
        await admin.SendAsync("GET", $"{All}/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await admin.SendAsync("DELETE", $"{All}/{id}").ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_server_of_administrators_is_used_by_all_and_changed_by_administrators()
    {
        using var admin = service.ClientFor(TestCallers.Admin());
        using var ann = service.ClientFor(TestCallers.User());
        var id = await admin.RegisterAsync(new { label = "for-all", url = Url, headers = new { Authorization = "x" } }, All);

        var seen = await ann.SendAsync("GET", $"{Own}/{id}").JsonAsync();
        Assert.Equal("deployment", seen.Text("scope"));
        Assert.False(seen.TryGetProperty("url", out _));
        Assert.Empty(seen.GetProperty("header_names").EnumerateArray());
        Assert.Equal(Url, (await admin.SendAsync("GET", $"{All}/{id}").JsonAsync()).Text("url"));

        await ann.SendAsync("PATCH", $"{Own}/{id}", new { enabled = false }).ErrorAsync(HttpStatusCode.NotFound);
        await ann.SendAsync("DELETE", $"{Own}/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await ann.SendAsync("PATCH", $"{Own}/{id}/tools/x", new { enabled = false }).ErrorAsync(HttpStatusCode.NotFound);
        await ann.SendAsync("GET", All).ErrorAsync(HttpStatusCode.Forbidden);
        await ann.SendAsync("POST", All, new { label = "x", url = Url }).ErrorAsync(HttpStatusCode.Forbidden);
        await admin.SendAsync("DELETE", $"{All}/{id}").JsonAsync();
    }

    [Fact]
    public async Task A_server_of_an_organization_is_there_for_its_members()
    {
        var member = TestCallers.User();
        using var admin = service.ClientFor(TestCallers.Admin());
        using var ann = service.ClientFor(member);
        using var bob = service.ClientFor(TestCallers.User());
        var id = await admin.RegisterAsync(new { label = "for-some", url = Url, organization_id = member.OrganizationId.ToString() }, All);

        Assert.Equal("organization", (await ann.SendAsync("GET", $"{Own}/{id}").JsonAsync()).Text("scope"));
        await bob.SendAsync("GET", $"{Own}/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await admin.SendAsync("DELETE", $"{All}/{id}").JsonAsync();
    }

    [Fact]
    public async Task Guests_and_keys_without_the_scope_register_nothing()
    {
        using var guest = service.ClientFor(TestCallers.Guest());
        await guest.SendAsync("POST", Own, new { label = "a", url = Url }).ErrorAsync(HttpStatusCode.Forbidden);
        using var key = service.ClientFor(TestCallers.User().ByApiKey(Scopes.Inference));
        await key.SendAsync("GET", Own).ErrorAsync(HttpStatusCode.Forbidden);
        using var fit = service.ClientFor(TestCallers.User().ByApiKey(Scopes.Tools));
        await fit.RegisterAsync(new { label = "a", url = Url });
    }

    [Fact]
    public async Task Lists_are_pages()
    {
        using var client = service.ClientFor(TestCallers.User());
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await client.RegisterAsync(new { label = $"n{i}", url = Url }));
        }

        var seen = new List<string>();
        for (var after = ""; ;)
        {
            var page = await client.SendAsync("GET", $"{Own}?limit=2&order=asc{after}").JsonAsync();
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.Text("id")));
            if (!page.GetProperty("has_more").GetBoolean())
            {
                break;
            }

            after = $"&after={page.Text("last_id")}";
        }

        Assert.Equal(ids, seen.Where(ids.Contains));
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name()
    {
        using var client = service.ClientFor(TestCallers.User());
        var id = await client.RegisterAsync(new { label = "a", url = Url, description = "d", headers = new { A = "1" }, denied_tools = new[] { "x" }, allowed_tools = new[] { "y" } });

        var changed = await client.SendAsync("PATCH", $"{Own}/{id}", """{"enabled":false,"allowed_tools":null}""").JsonAsync();

        Assert.False(changed.GetProperty("enabled").GetBoolean());
        Assert.Equal("d", changed.Text("description"));
        Assert.Equal("A", changed.GetProperty("header_names")[0].GetString());
        Assert.Equal("x", changed.GetProperty("denied_tools")[0].GetString());
        Assert.False(changed.TryGetProperty("allowed_tools", out _));
    }

    [Fact]
    public async Task Secrets_do_not_move_to_another_address()
    {
        using var client = service.ClientFor(TestCallers.User());
        var id = await client.RegisterAsync(new { label = "a", url = Url, headers = new { A = "1" } });

        var moved = await client.SendAsync("PATCH", $"{Own}/{id}", new { url = "http://localhost:10/mcp" }).JsonAsync();

        Assert.Equal(JsonValueKind.Array, moved.GetProperty("header_names").ValueKind);
        Assert.Empty(moved.GetProperty("header_names").EnumerateArray());
    }

    [Fact]
    public async Task A_user_has_so_many_servers_and_no_more()
    {
        using var client = service.ClientFor(TestCallers.User());
        for (var i = 0; i < 20; i++)
        {
            await client.RegisterAsync(new { label = $"n{i}", url = Url });
        }

        await client.SendAsync("POST", Own, new { label = "more", url = Url }).ErrorAsync(HttpStatusCode.Conflict);
    }
}
