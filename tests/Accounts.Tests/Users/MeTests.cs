using System.Net;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.Users;

public sealed class MeTests(AccountsService service) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task A_user_learns_who_it_is()
    {
        var caller = TestCallers.Admin() with { Name = null };
        using var client = service.ClientFor(caller);

        var me = await client.GetAsync("/auth/me").JsonAsync();

        Assert.Equal(caller.UserId.ToString(), me.Text("id"));
        Assert.Equal(caller.Subject, me.Text("subject"));
        Assert.Equal(caller.Email, me.Text("email"));
        Assert.Equal(caller.Username, me.Text("name"));
        Assert.Equal("jwt", me.Text("auth_method"));
        Assert.True(me.GetProperty("is_admin").GetBoolean());
        Assert.Equal("admin", Assert.Single(me.GetProperty("roles").EnumerateArray()).GetString());
        Assert.Equal(caller.OrganizationId.ToString(), me.Text("organization_id"));
        Assert.Equal(caller.ProjectId.ToString(), me.Text("project_id"));
        Assert.Equal("all", Assert.Single(me.GetProperty("scopes").EnumerateArray()).GetString());
        Assert.False(me.TryGetProperty("models", out _));
    }

    [Fact]
    public async Task An_api_key_without_the_admin_scope_is_no_administrator()
    {
        using var client = service.ClientFor(TestCallers.Admin().ByApiKey("all"));

        var me = await client.GetAsync("/auth/me").JsonAsync();

        Assert.Equal("apikey", me.Text("auth_method"));
        Assert.False(me.GetProperty("is_admin").GetBoolean());
    }

    [Fact]
    public async Task Only_users_have_an_account()
    {
        using var anonymous = service.Anonymous();
        using var gateway = service.ClientForService();

        await anonymous.GetAsync("/auth/me").ErrorAsync(HttpStatusCode.Unauthorized);
        await gateway.GetAsync("/auth/me").ErrorAsync(HttpStatusCode.Forbidden);
    }
}
