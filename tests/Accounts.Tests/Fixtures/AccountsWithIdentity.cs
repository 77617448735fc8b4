using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanServer.Contracts.Accounts;
using JanServer.Identity.Tests;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.Fixtures;

/// <summary>Tests that share one pair of services; each makes its own users, groups and flags.</summary>
[CollectionDefinition(Name)]
public sealed class WithIdentity : ICollectionFixture<AccountsWithIdentity>
{
    public const string Name = "accounts with identity";
}

/// <summary>Accounts in front of the real identity provider, each with a database.</summary>
public sealed class AccountsWithIdentity : ServiceFactory<Program>
{
    public AccountsWithIdentity()
        : base("accountsdb")
    {
    }

    public IdentityHost Identity { get; } = new();

    public override async Task InitializeAsync()
    {
        await Identity.InitializeAsync();
        this["Keycloak:BaseUrl"] = Identity.Address.AbsoluteUri;
        this["Keycloak:BackendClientSecret"] = IdentityHost.BackendSecret;
        this["Auth:Issuer"] = IdentityHost.Issuer;
        this["Auth:JwksUri"] = new Uri(Identity.Address, "/realms/jan/protocol/openid-connect/certs").AbsoluteUri;
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Identity.DisposeAsync();
    }

    /// <summary>An administrator's client, and who it is.</summary>
    public (HttpClient Client, Caller Caller) Admin()
    {
        var caller = TestCallers.Admin();
        return (ClientFor(caller), caller);
    }

    /// <summary>Makes a user through the admin API and returns its id, which is its subject, and its name.</summary>
    public async Task<(string Id, string Name)> NewUserAsync(HttpClient admin, string? password = TestUser.Password)
    {
        var name = $"u{Guid.CreateVersion7():n}";
        var created = await admin.PostAsJsonAsync(
                "/v1/admin/users", new { email = $"{name}@example.com", username = name, first_name = "Ann", last_name = "Other", password })
            .JsonAsync(HttpStatusCode.Created);
        return (created.Text("id"), name);
    }

    /// <summary>Makes a group and returns its id and name.</summary>
    public static async Task<(string Id, string Name)> NewGroupAsync(HttpClient admin)
    {
        var name = $"g{Guid.CreateVersion7():n}";
        return ((await admin.PostAsJsonAsync("/v1/admin/groups", new { name }).JsonAsync(HttpStatusCode.Created)).Text("id"), name);
    }

    /// <summary>Defines a flag and returns its key.</summary>
    public static async Task<string> NewFlagAsync(HttpClient admin)
    {
        var key = $"flag_{Guid.CreateVersion7():n}";
        await admin.PostAsJsonAsync("/v1/admin/feature-flags", new { key, name = "A flag" }).JsonAsync(HttpStatusCode.Created);
        return key;
    }

    /// <summary>A new access token of a user that has the password of tests.</summary>
    public async Task<string> TokenAsync(string name)
    {
        using var answer = await Identity.PasswordAsync(name, TestUser.Password);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await IdentityHost.JsonAsync(answer)).GetProperty("access_token").GetString()!;
    }

    /// <summary>What accounts says of a token when a gateway asks whose cache has forgotten it.</summary>
    public async Task<Principal?> ResolveAsync(string token)
    {
        var claims = IdentityHost.ClaimsOf(token);
        return await Accounts().ResolveAsync(
            new(
                claims.GetProperty("iss").GetString()!,
                claims.GetProperty("sub").GetString()!,
                claims.GetProperty("preferred_username").GetString(),
                claims.GetProperty("email").GetString(),
                EmailVerified: false,
                Name: null,
                [.. claims.GetProperty("realm_access").GetProperty("roles").EnumerateArray().Select(role => role.GetString()!)],
                DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("iat").GetInt64()),
                [.. claims.GetProperty("feature_flags").EnumerateArray().Select(flag => flag.GetString()!)]),
            CancellationToken.None);
    }

    /// <summary>An API key of the user of a token.</summary>
    public async Task<string> NewKeyAsync(string token)
    {
        using var client = ClientWith(token);
        return (await client.PostAsJsonAsync("/auth/api-keys", new { name = "test" }).JsonAsync(HttpStatusCode.Created)).Text("key");
    }

    /// <summary>Whose a key is, when a gateway asks.</summary>
    public Task<Principal?> VerifyAsync(string key) =>
        Accounts().VerifyApiKeyAsync(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), CancellationToken.None);

    private AccountsClient Accounts() => new(ClientForService());

    /// <summary>The newest entries of the audit log that an administrator caused.</summary>
    public static async Task<List<JsonElement>> AuditOfAsync(HttpClient admin, Caller actor) =>
        [.. (await admin.GetAsync($"/v1/admin/audit-logs?actor={actor.UserId}&limit=100").JsonAsync()).GetProperty("data").EnumerateArray()];
}
