using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth.Jwt;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Auth.Jwt;

public sealed class JwtValidatorTests : IAsyncLifetime
{
    private TestIssuer _issuer = null!;
    private ServiceProvider _relying = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _relying = _issuer.Relying();
    }

    public async Task DisposeAsync()
    {
        await _relying.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_token_of_the_issuer_yields_its_claims()
    {
        var claims = _issuer.Claims();
        claims["jti"] = "t1";
        claims["preferred_username"] = "ann";
        claims["email"] = "ann@example.org";
        claims["email_verified"] = true;
        claims["name"] = "Ann Ä";
        claims["azp"] = "console";
        claims["scope"] = "openid profile";
        claims["groups"] = new JsonArray("/staff");
        claims["feature_flags"] = new JsonArray("new_search", "experimental_models", "new_search");
        claims["realm_access"] = new JsonObject { ["roles"] = new JsonArray("admin", "user") };
        claims["resource_access"] = new JsonObject { ["account"] = new JsonObject { ["roles"] = new JsonArray("user", "view") } };

        var result = await ValidateAsync(_issuer.Sign(claims: claims));

        Assert.True(result.IsValid);
        Assert.Equal(_issuer.Issuer, result.Claims.Issuer);
        Assert.Equal("f1b7", result.Claims.Subject);
        Assert.Equal("t1", result.Claims.TokenId);
        Assert.Equal("ann", result.Claims.Username);
        Assert.Equal("ann@example.org", result.Claims.Email);
        Assert.True(result.Claims.EmailVerified);
        Assert.Equal("Ann Ä", result.Claims.Name);
        Assert.Equal("console", result.Claims.AuthorizedParty);
        Assert.Equal(["openid", "profile"], result.Claims.Scopes);
        Assert.Equal(["/staff"], result.Claims.Groups);
        Assert.Equal(["new_search", "experimental_models"], result.Claims.FeatureFlags);
        Assert.Equal(["admin", "user", "view"], result.Claims.Roles);
        Assert.Equal((long)claims["exp"]!, result.Claims.ExpiresAt.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("not.a.token")]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("e30.e30.")]
    [InlineData("W10.e30.AAAA")]
    [InlineData("e3 0.e30.AAAA")]
    [InlineData("e30=.e30=.AAAA")]
    public async Task What_is_not_three_parts_of_base64url_with_two_objects_is_malformed(string token) =>
        Assert.Equal(JwtFailure.Malformed, (await ValidateAsync(token)).Failure);

    [Fact]
    public async Task A_token_longer_than_16_KiB_is_not_looked_at()
    {
        var claims = _issuer.Claims();
        claims["padding"] = new string('x', JwtValidator.MaxTokenLength);

        Assert.Equal(JwtFailure.TooLarge, (await ValidateAsync(_issuer.Sign(claims: claims))).Failure);
    }

    [Theory]
    [InlineData("""{"alg":"RS256","alg":"RS256","kid":"first"}""")]
    [InlineData("""{"alg":"RS256","kid":"first","a":{"b":1,"b":2}}""")]
    [InlineData("""{"alg":5,"kid":"first"}""")]
    [InlineData("""{"alg":"RS256","kid":5}""")]
    [InlineData("""{"alg":"RS256","kid":"\ud800"}""")]
    [InlineData("""{"kid":"first"}""")]
    public async Task A_header_with_members_that_repeat_or_have_the_wrong_type_is_malformed(string header)
    {
        var token = TestToken.Sign(TestToken.Encode(header), TestToken.Encode(_issuer.Claims()), SignAsIssuer);

        Assert.Equal(JwtFailure.Malformed, (await ValidateAsync(token)).Failure);
    }

    [Fact]
    public async Task A_claim_given_twice_is_malformed()
    {
        var claims = _issuer.Claims().ToJsonString();
        var twice = claims[..^1] + ",\"sub\":\"other\"}";
        var token = TestToken.Sign(TestToken.Encode(_issuer.Header()), TestToken.Encode(twice), SignAsIssuer);

        Assert.Equal(JwtFailure.Malformed, (await ValidateAsync(token)).Failure);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    [InlineData("rs256")]
    [InlineData("6")]
    public async Task An_algorithm_that_the_key_is_not_for_is_refused(string algorithm)
    {
        var header = _issuer.Header();
        header["alg"] = algorithm;

        Assert.Equal(JwtFailure.AlgorithmNotAllowed, (await ValidateAsync(_issuer.Sign(header))).Failure);
    }

    [Fact]
    public async Task A_token_without_a_signature_is_refused()
    {
        var header = _issuer.Header();
        header["alg"] = "none";
        var token = $"{TestToken.Encode(header)}.{TestToken.Encode(_issuer.Claims())}.";

        Assert.Equal(JwtFailure.AlgorithmNotAllowed, (await ValidateAsync(token)).Failure);
        header["alg"] = "RS256";
        Assert.Equal(JwtFailure.BadSignature, (await ValidateAsync($"{TestToken.Encode(header)}.{TestToken.Encode(_issuer.Claims())}.")).Failure);
    }

    [Fact]
    public async Task A_public_key_does_not_serve_as_a_shared_secret()
    {
        var header = _issuer.Header();
        header["alg"] = "HS256";
        var publicKey = Encoding.ASCII.GetBytes(_issuer.Key.ExportSubjectPublicKeyInfoPem());
        var token = TestToken.Sign(header, _issuer.Claims(), TestToken.Hmac(publicKey));

        Assert.Equal(JwtFailure.AlgorithmNotAllowed, (await ValidateAsync(token)).Failure);
    }

    [Fact]
    public async Task A_shared_secret_in_a_public_key_set_is_not_used()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        _issuer.Publish(new()
        {
            ["kty"] = "oct",
            ["kid"] = "shared",
            ["alg"] = "HS256",
            ["k"] = System.Buffers.Text.Base64Url.EncodeToString(secret),
        });
        var header = new JsonObject { ["alg"] = "HS256", ["kid"] = "shared" };

        var result = await ValidateAsync(TestToken.Sign(header, _issuer.Claims(), TestToken.Hmac(secret)));

        Assert.Equal(JwtFailure.UnknownKey, result.Failure);
    }

    [Fact]
    public async Task A_token_with_a_critical_extension_is_refused()
    {
        var header = _issuer.Header();
        header["crit"] = new JsonArray("b64");

        Assert.Equal(JwtFailure.CriticalHeader, (await ValidateAsync(_issuer.Sign(header))).Failure);
    }

    [Theory]
    [InlineData(null, JwtFailure.None)]
    [InlineData("JWT", JwtFailure.None)]
    [InlineData("at+jwt", JwtFailure.None)]
    [InlineData("application/at+JWT", JwtFailure.None)]
    [InlineData("logout+jwt", JwtFailure.WrongType)]
    [InlineData("dpop+jwt", JwtFailure.WrongType)]
    [InlineData("caller+jwt", JwtFailure.WrongType)]
    public async Task The_header_may_say_that_it_is_a_plain_or_an_access_token(string? type, JwtFailure expected)
    {
        var header = _issuer.Header();
        header.Remove("typ");
        if (type is not null)
        {
            header["typ"] = type;
        }

        Assert.Equal(expected, (await ValidateAsync(_issuer.Sign(header))).Failure);
    }

    [Theory]
    [InlineData("ID")]
    [InlineData("Refresh")]
    [InlineData("Offline")]
    [InlineData("Logout")]
    public async Task Tokens_of_Keycloak_that_are_no_access_tokens_are_refused(string type)
    {
        var claims = _issuer.Claims();
        claims["typ"] = type;

        Assert.Equal(JwtFailure.WrongType, (await ValidateAsync(_issuer.Sign(claims: claims))).Failure);
    }

    [Fact]
    public async Task A_changed_token_is_refused()
    {
        var token = _issuer.Sign();
        var claims = _issuer.Claims();
        claims["sub"] = "someone-else";
        var parts = token.Split('.');

        Assert.Equal(JwtFailure.BadSignature, (await ValidateAsync($"{parts[0]}.{TestToken.Encode(claims)}.{parts[2]}")).Failure);
        Assert.True((await ValidateAsync(token)).IsValid);
    }

    [Fact]
    public async Task A_token_of_a_foreign_issuer_is_refused_without_asking_for_keys()
    {
        await using var foreign = await TestIssuer.StartAsync();
        foreign.Rotate(_issuer.KeyId);

        Assert.Equal(JwtFailure.WrongIssuer, (await ValidateAsync(foreign.Sign())).Failure);
        Assert.Equal(0, _issuer.KeyRequests);

        // Claiming to be ours does not help: the key is not ours.
        Assert.Equal(JwtFailure.BadSignature, (await ValidateAsync(foreign.Sign(claims: _issuer.Claims()))).Failure);
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("aud")]
    [InlineData("exp")]
    public async Task A_claim_that_is_needed_must_be_there(string claim)
    {
        var claims = _issuer.Claims();
        claims.Remove(claim);

        Assert.Equal(JwtFailure.MissingClaim, (await ValidateAsync(_issuer.Sign(claims: claims))).Failure);
    }

    [Theory]
    [InlineData("exp", "\"soon\"")]
    [InlineData("exp", "1e300")]
    [InlineData("nbf", "\"then\"")]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", "17")]
    public async Task A_claim_that_is_needed_must_make_sense(string claim, string json)
    {
        var claims = _issuer.Claims();
        claims[claim] = JsonNode.Parse(json);

        Assert.Equal(JwtFailure.MissingClaim, (await ValidateAsync(_issuer.Sign(claims: claims))).Failure);
    }

    [Theory]
    [InlineData("exp", -61, JwtFailure.Expired)]
    [InlineData("exp", -50, JwtFailure.None)]
    [InlineData("nbf", 70, JwtFailure.NotYetValid)]
    [InlineData("nbf", 50, JwtFailure.None)]
    [InlineData("iat", 70, JwtFailure.NotYetValid)]
    public async Task Clocks_may_differ_by_a_minute(string claim, int offset, JwtFailure expected)
    {
        var claims = _issuer.Claims();
        claims[claim] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offset;

        Assert.Equal(expected, (await ValidateAsync(_issuer.Sign(claims: claims))).Failure);
    }

    [Theory]
    [InlineData("\"other\"", JwtFailure.WrongAudience)]
    [InlineData("[]", JwtFailure.WrongAudience)]
    [InlineData("[\"other\", 5]", JwtFailure.WrongAudience)]
    [InlineData("[\"other\", \"account\"]", JwtFailure.None)]
    public async Task One_of_the_audiences_must_be_ours(string audience, JwtFailure expected)
    {
        var claims = _issuer.Claims();
        claims["aud"] = JsonNode.Parse(audience);

        Assert.Equal(expected, (await ValidateAsync(_issuer.Sign(claims: claims))).Failure);
    }

    private byte[] SignAsIssuer(byte[] data) => _issuer.Key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private ValueTask<JwtResult> ValidateAsync(string token) =>
        _relying.GetRequiredService<JwtValidator>().ValidateAsync(token, CancellationToken.None);
}
