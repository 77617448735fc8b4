using System.Net;
using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Principals;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Auth.Jwt;

public sealed class UserTokenTests : IAsyncLifetime
{
    private TestIssuer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Fact]
    public async Task A_user_may_call_a_service_with_an_access_token()
    {
        await using var host = await HostAsync(new Accounts());

        Assert.Equal((HttpStatusCode.OK, "f1b7 Jwt"), await CallAsync(host, _issuer.Sign()));
    }

    [Fact]
    public async Task A_token_that_is_not_good_is_a_401_that_says_why()
    {
        await using var host = await HostAsync(new Accounts());
        var claims = _issuer.Claims();
        claims["exp"] = 1;

        var (status, body) = await CallAsync(host, _issuer.Sign(claims: claims));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("has expired", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_account_is_refused()
    {
        await using var host = await HostAsync(new Accounts { Disabled = true });

        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(host, _issuer.Sign())).Status);
    }

    [Fact]
    public async Task While_the_keys_cannot_be_fetched_the_answer_is_503()
    {
        _issuer.FailWith = 500;
        await using var host = await HostAsync(new Accounts());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CallAsync(host, _issuer.Sign())).Status);
    }

    [Fact]
    public async Task A_warm_check_asks_nobody()
    {
        var accounts = new Accounts();
        await using var host = await HostAsync(accounts);
        var token = _issuer.Sign();

        for (var call = 0; call < 5; call++)
        {
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(host, token)).Status);
        }

        Assert.Equal(1, accounts.Questions);
        Assert.Equal(1, _issuer.KeyRequests);
    }

    private Task<TestHost> HostAsync(Accounts accounts) => TestHost.StartAsync(
        builder =>
        {
            // Which credentials a service takes is decided while services are registered.
            builder.Configuration["Auth:Issuer"] = _issuer.Issuer;
            builder.Services.AddSingleton<IPrincipalSource>(accounts);
            builder.AddCallerAuthentication();
        },
        app => app.MapGet("/me", (Caller caller) => $"{caller.Subject} {caller.Method}"),
        [("CallerToken:Key", new string('k', 40))]);

    private static async Task<(HttpStatusCode Status, string Body)> CallAsync(TestHost host, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me") { Headers = { Authorization = new("Bearer", token) } };
        using var response = await host.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class Accounts : IPrincipalSource
    {
        private int _questions;

        public bool Disabled { get; init; }

        public int Questions => _questions;

        public Task<Principal?> ResolveAsync(ResolvePrincipal subject, CancellationToken ct)
        {
            Interlocked.Increment(ref _questions);
            return Task.FromResult(Disabled ? null : new Principal(
                Id<UserRef>.New(TimeProvider.System),
                Id<OrganizationRef>.New(TimeProvider.System),
                Id<ProjectRef>.New(TimeProvider.System),
                null,
                subject.Subject,
                subject.Username,
                null,
                null,
                subject.Roles,
                [Scopes.All],
                null,
                null));
        }

        public Task<Principal?> VerifyApiKeyAsync(string hash, CancellationToken ct) => throw new InvalidOperationException("No key was sent.");
    }
}
