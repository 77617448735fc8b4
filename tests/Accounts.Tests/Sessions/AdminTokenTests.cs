using System.Net;
using JanServer.Accounts.Tests.Fixtures;

namespace JanServer.Accounts.Tests.Sessions;

/// <summary>Each with a service of its own: they count its calls, move its clock and take its identity provider down.</summary>
public sealed class AdminTokenTests
{
    private const string Grant = "POST /realms/jan/protocol/openid-connect/token";
    private const string AdminGrant = "POST /realms/master/protocol/openid-connect/token";

    [Fact]
    public Task Many_guests_at_once_share_one_admin_token_of_the_service_account() => AccountsService.AloneAsync(async service =>
    {
        using var client = service.Anonymous();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created)));

        // One grant for each guest and one for the service account.
        Assert.Equal(9, service.Keycloak.CallsTo(Grant));
        Assert.Equal(0, service.Keycloak.CallsTo(AdminGrant));
    });

    [Fact]
    public Task The_administrator_steps_in_for_a_service_account_that_may_not_manage_users() => AccountsService.AloneAsync(async service =>
    {
        service.Keycloak.ServiceAccountManagesUsers = false;
        using var client = service.Anonymous();

        await client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);

        Assert.Equal(1, service.Keycloak.CallsTo(AdminGrant));
    });

    [Fact]
    public Task An_admin_token_is_renewed_before_it_ends() => AccountsService.AloneAsync(async service =>
    {
        using var client = service.Anonymous();
        await client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);

        service.Clock.Advance(TimeSpan.FromSeconds(285));
        await client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);

        Assert.Equal(4, service.Keycloak.CallsTo(Grant));
    });

    [Fact]
    public Task An_identity_provider_that_is_down_is_a_503() => AccountsService.AloneAsync(async service =>
    {
        await service.Keycloak.DisposeAsync();
        using var client = service.Anonymous();

        using var response = await client.PostAsync("/auth/guest-login", null);
        var error = await Task.FromResult(response).ErrorAsync(HttpStatusCode.ServiceUnavailable);

        Assert.Equal("service_unavailable", error.Text("code"));
        Assert.Contains("identity provider", error.Text("message"), StringComparison.Ordinal);
        Assert.StartsWith("req_", Assert.Single(response.Headers.GetValues("X-Request-Id")), StringComparison.Ordinal);
    });
}
