using System.Net;
using System.Net.Http.Json;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests;

/// <summary>A database that is away is a 503 that may be tried again, never a verdict about a credential.</summary>
public sealed class OutageTests
{
    [Fact]
    public Task A_lost_database_is_never_a_401() => AccountsService.AloneAsync(async service =>
    {
        var caller = await service.NewUserAsync();
        using var gateway = service.ClientForService();
        using var known = service.ClientFor(caller);
        using var user = service.ClientWith((await TestIssuer.GetAsync()).Mint());
        using var anonymous = service.Anonymous();

        await service.Database.DisposeAsync();

        await gateway.PostAsJsonAsync("/internal/principals/resolve", SnakeCase(AccountsService.Token())).ErrorAsync(HttpStatusCode.ServiceUnavailable);
        await gateway.PostAsJsonAsync("/internal/api-keys/verify", new { hash = new string('0', 64) }).ErrorAsync(HttpStatusCode.ServiceUnavailable);
        await known.GetAsync("/auth/api-keys").ErrorAsync(HttpStatusCode.ServiceUnavailable);
        await known.PostAsJsonAsync("/auth/api-keys", new { name = "n" }).ErrorAsync(HttpStatusCode.ServiceUnavailable);
        await user.GetAsync("/auth/me").ErrorAsync(HttpStatusCode.ServiceUnavailable);
        await anonymous.PostAsync("/auth/guest-login", null).ErrorAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Empty(service.Keycloak.Users);
    });

    private static object SnakeCase(Contracts.Accounts.ResolvePrincipal token) =>
        new { issuer = token.Issuer, subject = token.Subject, email_verified = true, roles = token.Roles };
}
