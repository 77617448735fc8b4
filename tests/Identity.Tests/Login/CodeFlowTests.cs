using System.Net;

namespace JanServer.Identity.Tests.Login;

public sealed class CodeFlowTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData("query")]
    [InlineData("fragment")]
    public async Task A_user_signs_in_on_the_page_and_the_client_gets_tokens(string mode)
    {
        var user = await host.UserAsync();
        using var browser = new TestBrowser(host);

        var answer = await browser.SignInAsync(user, ("response_mode", mode), ("state", "a b&c=<d>"), ("nonce", "n-1"));

        Assert.Equal("a b&c=<d>", answer["state"]);
        Assert.Equal(IdentityHost.Issuer, answer["iss"]);
        var tokens = await TestBrowser.TokensAsync(host, answer["code"]);
        var id = IdentityHost.ClaimsOf(tokens.GetProperty("id_token").GetString()!);
        Assert.Equal(user.Id, id.GetProperty("sub").GetGuid());
        Assert.Equal("jan-client", id.GetProperty("aud").GetString());
        Assert.Equal("n-1", id.GetProperty("nonce").GetString());
        Assert.Equal("1", id.GetProperty("acr").GetString());
        Assert.Equal(host.Clock.GetUtcNow().ToUnixTimeSeconds(), id.GetProperty("auth_time").GetInt64());
        using var refreshed = await host.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Fact]
    public async Task The_request_may_also_be_posted()
    {
        using var http = host.Client();
        using var content = new FormUrlEncodedContent(TestBrowser.Parameters());

        using var page = await http.PostAsync("/realms/jan/protocol/openid-connect/auth", content);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("<h1>Sign in</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_in_browser_is_not_asked_again()
    {
        using var browser = new TestBrowser(host);
        var first = await TestBrowser.TokensAsync(host, (await browser.SignInAsync(await host.UserAsync()))["code"]);

        using var answer = await browser.AuthorizeAsync(("prompt", "none"));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var second = await TestBrowser.TokensAsync(host, TestBrowser.AnswerOf(answer)["code"]);
        Assert.Equal(first.GetProperty("session_state").GetString(), second.GetProperty("session_state").GetString());
        Assert.Equal("0", IdentityHost.ClaimsOf(second.GetProperty("id_token").GetString()!).GetProperty("acr").GetString());
    }

    [Fact]
    public async Task A_browser_that_nobody_signed_in_cannot_be_silent()
    {
        using var browser = new TestBrowser(host);

        using var answer = await browser.AuthorizeAsync(("prompt", "none"), ("state", "s"));

        var told = TestBrowser.AnswerOf(answer);
        Assert.Equal(("login_required", "s"), (told["error"], told["state"]));
        Assert.DoesNotContain("code", told.Keys);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    public async Task A_client_may_demand_the_password_again(string name, string value)
    {
        var user = await host.UserAsync();
        using var browser = new TestBrowser(host);
        var first = await TestBrowser.TokensAsync(host, (await browser.SignInAsync(user))["code"]);

        var answer = await browser.SignInAsync(user, (name, value));

        var second = await TestBrowser.TokensAsync(host, answer["code"]);
        Assert.Equal(first.GetProperty("session_state").GetString(), second.GetProperty("session_state").GetString());
    }

    [Fact]
    public async Task Who_signs_in_after_somebody_else_ends_that_session()
    {
        using var browser = new TestBrowser(host);
        var former = await TestBrowser.TokensAsync(host, (await browser.SignInAsync(await host.UserAsync()))["code"]);

        await browser.SignInAsync(await host.UserAsync(), ("prompt", "login"));

        using var refused = await host.RefreshAsync(former.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task A_code_that_comes_twice_revokes_what_it_was_given()
    {
        using var browser = new TestBrowser(host);
        var code = (await browser.SignInAsync(await host.UserAsync()))["code"];
        var tokens = await TestBrowser.TokensAsync(host, code);

        using var again = await TestBrowser.RedeemAsync(host, code);

        Assert.Equal("invalid_grant", (await IdentityHost.JsonAsync(again)).GetProperty("error").GetString());
        using var refresh = await host.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.BadRequest, refresh.StatusCode);
        using var silent = await browser.AuthorizeAsync(("prompt", "none"));
        Assert.Equal("login_required", TestBrowser.AnswerOf(silent)["error"]);
    }

    [Fact]
    public Task Of_codes_redeemed_at_once_at_most_one_is_good() => Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
    {
        using var browser = new TestBrowser(host);
        var code = (await browser.SignInAsync(await host.UserAsync()))["code"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestBrowser.RedeemAsync(host, code)));

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest],
            answers.Select(answer => answer.StatusCode).Order());
    }));

    [Fact]
    public async Task A_code_that_is_too_old_is_refused()
    {
        using var browser = new TestBrowser(host);
        var code = (await browser.SignInAsync(await host.UserAsync()))["code"];
        await host.Database.ExecuteAsync(
            $"UPDATE authorization_codes SET expires_at = expires_at - interval '61 s' WHERE code_hash = sha256('{code}'::bytea)");

        using var answer = await TestBrowser.RedeemAsync(host, code);

        Assert.Equal("invalid_grant", (await IdentityHost.JsonAsync(answer)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("code_verifier", "")]
    [InlineData("code_verifier", "another-code-verifier-of-at-least-43-characters")]
    [InlineData("code_verifier", "short")]
    [InlineData("redirect_uri", "")]
    [InlineData("redirect_uri", "http://localhost:8000/callback/")]
    public async Task A_code_is_bound_to_its_request(string name, string value)
    {
        using var browser = new TestBrowser(host);
        var code = (await browser.SignInAsync(await host.UserAsync()))["code"];

        using var answer = await TestBrowser.RedeemAsync(host, code, (name, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_grant", (await IdentityHost.JsonAsync(answer)).GetProperty("error").GetString());
        await TestBrowser.TokensAsync(host, code);
    }
}
