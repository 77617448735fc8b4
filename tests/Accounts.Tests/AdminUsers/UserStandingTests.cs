using System.Net;
using System.Net.Http.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.AdminUsers;

/// <summary>What an administrator decides holds for tokens and keys that are out already.</summary>
[Collection(WithIdentity.Name)]
public sealed class UserStandingTests(AccountsWithIdentity service)
{
    private const string Users = "/v1/admin/users";

    [Fact]
    public async Task A_deactivated_user_is_shut_out_and_an_activated_one_let_in_again()
    {
        var (admin, _) = service.Admin();
        var (id, name) = await service.NewUserAsync(admin);
        var token = await service.TokenAsync(name);
        var key = await service.NewKeyAsync(token);

        await admin.PostAsync($"{Users}/{id}/deactivate", null).JsonAsync();

        Assert.Null(await service.ResolveAsync(token));
        Assert.Null(await service.VerifyAsync(key));
        using (var refused = await service.Identity.PasswordAsync(name, Identity.Tests.TestUser.Password))
        {
            Assert.False(refused.IsSuccessStatusCode);
        }

        Assert.False((await admin.GetAsync($"{Users}/{id}").JsonAsync()).GetProperty("enabled").GetBoolean());
        await admin.PatchAsJsonAsync($"{Users}/{id}", new { enabled = true }).JsonAsync();
        Assert.NotNull(await service.ResolveAsync(token));
        Assert.NotNull(await service.VerifyAsync(key));
        await service.TokenAsync(name);
    }

    [Fact]
    public async Task A_token_that_was_never_used_does_not_outlive_its_user()
    {
        var (admin, _) = service.Admin();
        var (id, name) = await service.NewUserAsync(admin);
        var token = await service.TokenAsync(name);

        await admin.DeleteAsync($"{Users}/{id}").JsonAsync(HttpStatusCode.NoContent);

        Assert.Null(await service.ResolveAsync(token));
        await admin.GetAsync($"{Users}/{id}").ErrorAsync(HttpStatusCode.NotFound);
        await admin.DeleteAsync($"{Users}/{id}").ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_role_comes_and_goes_with_the_decision_and_not_with_the_next_token()
    {
        var (admin, _) = service.Admin();
        var (id, name) = await service.NewUserAsync(admin);
        var key = await service.NewKeyAsync(await service.TokenAsync(name));

        await admin.PostAsync($"{Users}/{id}/roles/admin", null).JsonAsync();
        Assert.Contains(Caller.AdminRole, (await service.VerifyAsync(key))!.Roles);
        var token = await service.TokenAsync(name);
        Assert.Contains(Caller.AdminRole, (await service.ResolveAsync(token))!.Roles);

        await admin.DeleteAsync($"{Users}/{id}/roles/admin").JsonAsync();
        Assert.DoesNotContain(Caller.AdminRole, (await service.VerifyAsync(key))!.Roles);
        Assert.DoesNotContain(Caller.AdminRole, (await service.ResolveAsync(token))!.Roles);
        Assert.DoesNotContain(Caller.AdminRole, (await service.ResolveAsync(await service.TokenAsync(name)))!.Roles);
    }

    [Fact]
    public async Task An_administrator_takes_administration_from_nobody_but_others()
    {
        var (admin, _) = service.Admin();
        var (id, name) = await service.NewUserAsync(admin);
        await admin.PostAsync($"{Users}/{id}/roles/admin", null).JsonAsync();
        using var self = service.ClientWith(await service.TokenAsync(name));
        foreach (var spelling in new[] { id, id.ToUpperInvariant(), id.Replace("-", "", StringComparison.Ordinal) })
        {
            await self.DeleteAsync($"{Users}/{spelling}").ErrorAsync(HttpStatusCode.Conflict);
            await self.PostAsync($"{Users}/{spelling}/deactivate", null).ErrorAsync(HttpStatusCode.Conflict);
            await self.PatchAsJsonAsync($"{Users}/{spelling}", new { enabled = false }).ErrorAsync(HttpStatusCode.Conflict);
            await self.DeleteAsync($"{Users}/{spelling}/roles/admin").ErrorAsync(HttpStatusCode.Conflict);
        }

        await self.PatchAsJsonAsync($"{Users}/{id}", new { first_name = "Beth", enabled = true }).JsonAsync();
        await self.DeleteAsync($"{Users}/{id}/roles/user").JsonAsync();
    }

    [Fact]
    public async Task The_flags_of_a_users_groups_reach_its_tokens_and_keys()
    {
        var (admin, _) = service.Admin();
        var (id, name) = await service.NewUserAsync(admin);
        var (group, _) = await AccountsWithIdentity.NewGroupAsync(admin);
        var flag = await AccountsWithIdentity.NewFlagAsync(admin);
        await admin.PatchAsJsonAsync($"/v1/admin/groups/{group}/feature-flags", new { flags = new[] { flag } }).JsonAsync();
        var before = await service.TokenAsync(name);
        var key = await service.NewKeyAsync(before);
        Assert.Empty((await service.VerifyAsync(key))!.Flags!);

        await admin.PostAsync($"{Users}/{id}/groups/{group}", null).JsonAsync();
        using var user = service.ClientWith(await service.TokenAsync(name));
        var me = await user.GetAsync("/auth/me").JsonAsync();
        Assert.Equal([flag], me.GetProperty("feature_flags").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal([flag], (await service.VerifyAsync(key))!.Flags!);

        await admin.DeleteAsync($"{Users}/{id}/groups/{group}").JsonAsync();
        Assert.Empty((await service.ResolveAsync(await service.TokenAsync(name)))!.Flags!);
        Assert.Empty((await service.VerifyAsync(key))!.Flags!);
    }

    [Fact]
    public async Task Only_administrators_with_a_credential_that_reaches_administration_get_in()
    {
        var (_, root) = service.Admin();
        using var user = service.ClientFor(TestCallers.User());
        using var guest = service.ClientFor(TestCallers.Guest());
        using var narrow = service.ClientFor(root.ByApiKey(Scopes.All));
        using var scopeOnly = service.ClientFor(TestCallers.User().ByApiKey(Scopes.All, Scopes.Admin));
        using var wide = service.ClientFor(root.ByApiKey(Scopes.Admin));
        using var gateway = service.ClientForService();
        using var anonymous = service.Anonymous();
        foreach (var path in new[] { Users, $"{Users}/x", "/v1/admin/groups", "/v1/admin/groups/x/feature-flags", "/v1/admin/feature-flags", "/v1/admin/audit-logs" })
        {
            foreach (var client in new[] { user, guest, narrow, scopeOnly, gateway })
            {
                await client.GetAsync(path).ErrorAsync(HttpStatusCode.Forbidden);
            }

            await anonymous.GetAsync(path).ErrorAsync(HttpStatusCode.Unauthorized);
        }

        await user.PostAsJsonAsync(Users, new { username = "x", email = "x@example.com" }).ErrorAsync(HttpStatusCode.Forbidden);
        await wide.GetAsync($"{Users}?max=1").JsonAsync();
        await wide.GetAsync("/v1/admin/audit-logs").JsonAsync();
    }
}
