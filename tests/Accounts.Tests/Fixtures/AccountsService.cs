using System.Net.Http.Json;
using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.Accounts.Tests.Fixtures;

/// <summary>Accounts with a database of its own, a stub of Keycloak and a clock that the test moves.</summary>
public sealed class AccountsService : ServiceFactory<Program>
{
    private KeycloakStub? _keycloak;

    public AccountsService()
        : base("accountsdb")
    {
    }

    /// <summary>Starts at the real time, because the tokens of tests are of the real time.</summary>
    public FakeClock Clock { get; } = new(DateTimeOffset.UtcNow);

    public KeycloakStub Keycloak => _keycloak!;

    /// <summary>Runs a test that a service shared with others would not survive.</summary>
    public static async Task AloneAsync(Func<AccountsService, Task> test)
    {
        var service = new AccountsService();
        try
        {
            await service.InitializeAsync();
            await test(service);
        }
        finally
        {
            await ((IAsyncLifetime)service).DisposeAsync();
        }
    }

    public override async Task InitializeAsync()
    {
        _keycloak = await KeycloakStub.StartAsync();
        this["Keycloak:BaseUrl"] = _keycloak.BaseUrl;
        this["Keycloak:BackendClientSecret"] = KeycloakStub.BackendSecret;
        this["Keycloak:AdminUsername"] = "admin";
        this["Keycloak:AdminPassword"] = KeycloakStub.AdminPassword;
        await base.InitializeAsync();
    }

    /// <summary>A new user, as the gateway knows it after its first request.</summary>
    public async Task<Caller> NewUserAsync(params string[] roles) => Caller.From(await ResolveAsync(Token(roles)), AuthMethod.Jwt);

    /// <summary>What the token of a new user says.</summary>
    public static ResolvePrincipal Token(params string[] roles)
    {
        var subject = Guid.CreateVersion7().ToString();
        return new("https://issuer.test/realms/jan", subject, $"user-{subject}", $"{subject}@example.test", EmailVerified: true, "Ann", roles);
    }

    /// <summary>Asks as the gateway does.</summary>
    public async Task<Principal> ResolveAsync(ResolvePrincipal token) =>
        await Accounts().ResolveAsync(token, CancellationToken.None) ?? throw new InvalidOperationException("The account is disabled.");

    /// <summary>The client that the gateway has.</summary>
    public AccountsClient Accounts()
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Add(CallerTokens.HeaderName, Services.GetRequiredService<CallerTokens>().IssueForService("gateway"));
        return new(client);
    }

    /// <summary>Makes an API key and returns the answer.</summary>
    public async Task<JanServer.Accounts.ApiKeys.ApiKeyResource> NewKeyAsync(Caller caller, object? body = null)
    {
        using var client = ClientFor(caller);
        using var response = await client.PostAsJsonAsync("/auth/api-keys", body ?? new { name = "test" });
        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(AccountsApiJson.Default.ApiKeyResource))!;
    }

    /// <summary>Writes the times of last use now, as the service does every minute.</summary>
    public Task WriteLastUseAsync() => Services.GetRequiredService<JanServer.Accounts.ApiKeys.ApiKeyUse>().WriteAsync(CancellationToken.None);

    /// <summary>Stops keeping the times of last use, as the end of the process does.</summary>
    public Task StopUseAsync() => Services.GetRequiredService<JanServer.Accounts.ApiKeys.ApiKeyUse>().StopAsync(CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_keycloak is not null)
        {
            await _keycloak.DisposeAsync();
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }
}
