using JanServer.ServiceDefaults.Auth.Jwt;
using JanServer.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Auth.Jwt;

public sealed class JwksTests : IAsyncLifetime
{
    private TestIssuer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Fact]
    public async Task A_new_key_is_fetched_when_a_token_names_it()
    {
        await using var relying = _issuer.Relying();
        Assert.True((await ValidateAsync(relying, _issuer.Sign())).IsValid);
        var old = _issuer.Sign();

        _issuer.Rotate("second");

        Assert.True((await ValidateAsync(relying, _issuer.Sign())).IsValid);
        Assert.Equal(JwtFailure.UnknownKey, (await ValidateAsync(relying, old)).Failure);
    }

    [Fact]
    public async Task A_storm_of_unknown_keys_asks_the_issuer_once()
    {
        await using var relying = _issuer.Relying();
        await ValidateAsync(relying, _issuer.Sign());

        var storm = Enumerable.Range(0, 200).Select(number =>
        {
            var header = _issuer.Header();
            header["kid"] = $"invented-{number}";
            return ValidateAsync(relying, _issuer.Sign(header)).AsTask();
        });

        Assert.All(await Task.WhenAll(storm), result => Assert.Equal(JwtFailure.UnknownKey, result.Failure));
        Assert.Equal(2, _issuer.KeyRequests);
    }

    [Fact]
    public async Task Unknown_keys_are_asked_for_again_after_half_a_minute()
    {
        var clock = new FakeClock();
        await using var relying = _issuer.Relying(clock);
        var header = _issuer.Header();
        header["kid"] = "invented";

        await ValidateAsync(relying, _issuer.Sign(header));
        await ValidateAsync(relying, _issuer.Sign(header));
        Assert.Equal(2, _issuer.KeyRequests);

        clock.Advance(JwksClient.UnknownKeyInterval);
        await ValidateAsync(relying, _issuer.Sign(header));
        Assert.Equal(3, _issuer.KeyRequests);
    }

    [Fact]
    public async Task Concurrent_first_requests_share_one_fetch()
    {
        var gate = new TaskCompletionSource();
        _issuer.Gate = gate.Task;
        await using var relying = _issuer.Relying();
        var token = _issuer.Sign();

        var results = Enumerable.Range(0, 50).Select(_ => ValidateAsync(relying, token).AsTask()).ToList();
        gate.SetResult();

        Assert.All(await Task.WhenAll(results), result => Assert.True(result.IsValid));
        Assert.Equal(1, _issuer.KeyRequests);
    }

    [Fact]
    public async Task The_last_good_keys_are_kept_while_the_issuer_is_down()
    {
        await using var relying = _issuer.Relying();
        await ValidateAsync(relying, _issuer.Sign());

        _issuer.FailWith = 503;
        var header = _issuer.Header();
        header["kid"] = "invented";
        Assert.Equal(JwtFailure.UnknownKey, (await ValidateAsync(relying, _issuer.Sign(header))).Failure);

        Assert.True((await ValidateAsync(relying, _issuer.Sign())).IsValid);
    }

    [Fact]
    public async Task Without_any_keys_nothing_is_said_about_a_token_until_the_issuer_is_back()
    {
        var clock = new FakeClock();
        _issuer.FailWith = 503;
        await using var relying = _issuer.Relying(clock);

        Assert.Equal(JwtFailure.KeysUnavailable, (await ValidateAsync(relying, _issuer.Sign())).Failure);
        Assert.Equal(JwtFailure.KeysUnavailable, (await ValidateAsync(relying, _issuer.Sign())).Failure);
        Assert.Equal(1, _issuer.KeyRequests);

        _issuer.FailWith = null;
        clock.Advance(JwksClient.RetryInterval);
        Assert.Equal(JwtFailure.None, (await ValidateAsync(relying, _issuer.Sign())).Failure);
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_is_not_used()
    {
        _issuer.ClaimedIssuer = "https://evil.example";
        await using var relying = _issuer.Relying();

        Assert.Equal(JwtFailure.KeysUnavailable, (await ValidateAsync(relying, _issuer.Sign())).Failure);
        Assert.Equal(0, _issuer.KeyRequests);
    }

    [Fact]
    public async Task Keys_can_be_fetched_at_another_address_than_the_issuers()
    {
        const string Public = "https://id.example.org/realms/jan";
        await using var relying = _issuer.Relying(settings: [("Issuer", Public), ("JwksUri", _issuer.Issuer + "/certs")]);
        var claims = _issuer.Claims();
        claims["iss"] = Public;

        Assert.True((await ValidateAsync(relying, _issuer.Sign(claims: claims))).IsValid);
    }

    [Fact]
    public async Task Issuers_and_audiences_can_be_configured()
    {
        const string Other = "https://other.example.org";
        await using var relying = _issuer.Relying(settings: [("ValidIssuers:0", Other), ("Audiences:0", "jan"), ("Audiences:1", "console")]);
        var claims = _issuer.Claims();
        Assert.Equal(JwtFailure.WrongAudience, (await ValidateAsync(relying, _issuer.Sign(claims: claims))).Failure);

        claims["aud"] = "console";
        claims["iss"] = Other;
        Assert.Equal(JwtFailure.None, (await ValidateAsync(relying, _issuer.Sign(claims: claims))).Failure);
    }

    [Fact]
    public async Task A_shared_secret_can_be_configured()
    {
        var secret = new byte[32];
        var key = System.Buffers.Text.Base64Url.EncodeToString(secret);
        await using var relying = _issuer.Relying(settings: [("Jwks", $$"""{"keys":[{"kty":"oct","alg":"HS256","k":"{{key}}"}]}""")]);

        var token = TestToken.Sign(new() { ["alg"] = "HS256" }, _issuer.Claims(), TestToken.Hmac(secret));

        Assert.True((await ValidateAsync(relying, token)).IsValid);
        Assert.Equal(0, _issuer.KeyRequests);
    }

    [Fact]
    public async Task The_background_fetch_replaces_keys_before_a_token_needs_them()
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.Services.AddJwtValidation(),
            settings: [("Auth:Issuer", _issuer.Issuer)]);

        await Eventually.True(() => _issuer.KeyRequests == 1);
    }

    [Theory]
    [InlineData("http://id.example.org", null, false)]
    [InlineData("http://id.example.org", "false", true)]
    [InlineData("http://127.0.0.1:1", null, true)]
    [InlineData("https://id.example.org", null, true)]
    [InlineData("nonsense", null, false)]
    public void Keys_come_over_https_or_from_this_machine(string issuer, string? require, bool allowed)
    {
        using var relying = _issuer.Relying(settings: require is null
            ? [("Issuer", issuer)]
            : [("Issuer", issuer), ("RequireHttpsMetadata", require)]);

        var failure = Record.Exception(() => relying.GetRequiredService<Microsoft.Extensions.Options.IOptions<JwtOptions>>().Value);

        Assert.Equal(allowed, failure is null);
    }

    private static ValueTask<JwtResult> ValidateAsync(ServiceProvider relying, string token) =>
        relying.GetRequiredService<JwtValidator>().ValidateAsync(token, CancellationToken.None);
}
