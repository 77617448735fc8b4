using System.Net;
using System.Net.Http.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.AdminUsers;

/// <summary>An identity provider that fails is its own failure, and part of the audit log.</summary>
public sealed class IdentityProviderFailureTests(AccountsService service) : IClassFixture<AccountsService>, IDisposable
{
    public void Dispose() => service.Keycloak.Interfere = null;

    [Theory]
    [InlineData(500)]
    [InlineData(403)]
    [InlineData(418)]
    public async Task A_failure_of_the_provider_is_a_502(int status)
    {
        var caller = TestCallers.Admin();
        using var admin = service.ClientFor(caller);
        service.Keycloak.Interfere = call => call.Contains("/admin/", StringComparison.Ordinal) ? status : null;

        var list = await admin.GetAsync("/v1/admin/users").ErrorAsync(HttpStatusCode.BadGateway);
        await admin.GetAsync("/v1/admin/groups").ErrorAsync(HttpStatusCode.BadGateway);
        await admin.PostAsJsonAsync("/v1/admin/users", new { username = "x", email = "x@example.com" }).ErrorAsync(HttpStatusCode.BadGateway);

        Assert.Equal("upstream_error", list.Text("code"));
        var entry = Assert.Single(await AccountsWithIdentity.AuditOfAsync(admin, caller));
        Assert.Equal(("user.created", 502), (entry.Text("action"), entry.GetProperty("status_code").GetInt32()));
    }

    [Fact]
    public Task A_provider_that_is_away_is_a_502() => AccountsService.AloneAsync(async alone =>
    {
        using var admin = alone.ClientFor(TestCallers.Admin());
        await alone.Keycloak.DisposeAsync();

        await admin.GetAsync("/v1/admin/users").ErrorAsync(HttpStatusCode.BadGateway);
        await admin.GetAsync("/v1/admin/feature-flags").JsonAsync();
    });
}
