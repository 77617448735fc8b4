using System.Net;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.Gateway.Tests.Authentication;

public sealed class UserTokenTests(GatewayFactory gateway) : IClassFixture<GatewayFactory>
{
    public static TheoryData<string, TestToken> BadTokens => new()
    {
        { "expired", new() { Lifetime = TimeSpan.FromHours(-1) } },
        { "not yet valid", new() { NotBefore = TimeSpan.FromHours(1) } },
        { "unsigned", new() { Signature = TokenSignature.None } },
        { "signed with the public key as a secret", new() { Signature = TokenSignature.Hs256WithPublicKey } },
        { "signed by someone else", new() { Signature = TokenSignature.ForeignKey } },
        { "tampered with", new() { Signature = TokenSignature.Tampered } },
        { "of another issuer", new() { Issuer = "http://127.0.0.1:1/realms/jan" } },
        { "for another audience", new() { Audiences = ["someone-else"] } },
        { "for no audience", new() { Audiences = [] } },
        { "of an unknown key", new() { KeyId = "unknown" } },
    };

    [Fact]
    public async Task An_access_token_becomes_a_caller_token()
    {
        var issuer = await TestIssuer.GetAsync();
        var token = new TestToken { RealmRoles = ["admin"] };
        gateway.LlmApi.Always("/v1/models", exchange => exchange.JsonAsync("{}"));
        using var client = gateway.ClientWith(issuer.Mint(token));

        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative)).Soon();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var caller = gateway.LlmApi.Requests.Select(Callers.Of).Single(caller => caller?.Subject == token.Subject);
        Assert.Equal(AuthMethod.Jwt, caller!.Method);
        Assert.True(caller.IsAdmin);
    }

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_refused(string what, TestToken token)
    {
        var issuer = await TestIssuer.GetAsync();
        using var client = gateway.ClientWith(issuer.Mint(token));
        var error = await client.ErrorAsync(HttpStatusCode.Unauthorized, "/v1/chat/completions");
        Assert.True(error.Type == "authentication_error", what);
    }

    [Fact]
    public async Task A_token_and_a_key_of_different_users_conflict()
    {
        var issuer = await TestIssuer.GetAsync();
        using var client = gateway.ClientWith(issuer.Mint());
        client.DefaultRequestHeaders.Add("X-API-Key", gateway.NewKey());
        await client.ErrorAsync(HttpStatusCode.Unauthorized, "/v1/models");
    }
}
