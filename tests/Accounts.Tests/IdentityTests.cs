using System.Net;
using System.Net.Http.Json;
using JanServer.Accounts.Tests.Fixtures;

namespace JanServer.Accounts.Tests;

/// <summary>Accounts against the identity provider that stands in for Keycloak on a developer's machine.</summary>
[Collection(WithIdentity.Name)]
public sealed class IdentityTests(AccountsWithIdentity service)
{
    [Fact]
    public async Task A_guest_logs_in_makes_a_key_and_refreshes()
    {
        using var anonymous = service.Anonymous();
        var guest = await anonymous.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);
        using var user = service.ClientWith(guest.Text("access_token"));

        var me = await user.GetAsync("/auth/me").JsonAsync();
        await user.PostAsJsonAsync("/auth/api-keys", new { name = "n" }).JsonAsync(HttpStatusCode.Created);
        var valid = await user.PostAsync("/auth/validate", null).JsonAsync();
        var tokens = await anonymous.PostAsJsonAsync("/auth/refresh-token", new { refresh_token = guest.Text("refresh_token") }).JsonAsync();
        using var refreshed = service.ClientWith(tokens.Text("access_token"));
        var meAgain = await refreshed.GetAsync("/auth/me").JsonAsync();

        Assert.Equal(guest.Text("user_id"), me.Text("id"));
        Assert.Equal(guest.Text("username"), me.Text("username"));
        Assert.True(me.GetProperty("is_guest").GetBoolean());
        Assert.Equal(guest.Text("principal_id"), valid.GetProperty("user_info").Text("sub"));
        Assert.Equal(me.Text("id"), meAgain.Text("id"));
    }

    [Fact]
    public async Task A_password_user_is_no_guest_and_its_revoked_token_is_refused()
    {
        var tokens = await service.Identity.SignInAsync(await service.Identity.UserAsync());
        using var anonymous = service.Anonymous();
        using var user = service.ClientWith(tokens.Text("access_token"));

        var me = await user.GetAsync("/auth/me").JsonAsync();
        await anonymous.PostAsJsonAsync("/auth/revoke", new { refresh_token = tokens.Text("refresh_token") }).JsonAsync();

        Assert.False(me.GetProperty("is_guest").GetBoolean());
        await anonymous.PostAsJsonAsync("/auth/refresh-token", new { refresh_token = tokens.Text("refresh_token") })
            .ErrorAsync(HttpStatusCode.Unauthorized);
    }
}
