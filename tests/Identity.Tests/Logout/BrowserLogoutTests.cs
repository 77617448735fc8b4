using System.Net;
using JanServer.Identity.Tests.Login;

namespace JanServer.Identity.Tests.Logout;

public sealed class BrowserLogoutTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const string Path = "/realms/jan/protocol/openid-connect/logout";
    private const string Back = "http://localhost:8000/bye";

    [Fact]
    public async Task The_application_s_id_token_ends_the_session_and_leads_back()
    {
        using var browser = new TestBrowser(host);
        var tokens = await TestBrowser.TokensAsync(host, (await browser.SignInAsync(await host.UserAsync()))["code"]);

        using var answer = await browser.GetAsync(
            $"{Path}?id_token_hint={tokens.GetProperty("id_token").GetString()}&post_logout_redirect_uri={Uri.EscapeDataString(Back)}&state=s%20t");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"{Back}?state=s%20t", answer.Headers.Location!.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
        using var refresh = await host.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.BadRequest, refresh.StatusCode);
    }

    [Fact]
    public async Task Without_a_hint_the_user_is_asked()
    {
        using var browser = new TestBrowser(host);
        await browser.SignInAsync(await host.UserAsync());

        using var page = await browser.GetAsync($"{Path}?client_id=jan-client&post_logout_redirect_uri={Uri.EscapeDataString(Back)}&state=s");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(await IsSignedInAsync(browser));
        using var forged = await browser.SubmitAsync(page, ("form_token", "9999999999.AAAA"));
        Assert.True(await IsSignedInAsync(browser));
        using var answer = await browser.SubmitAsync(page);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"{Back}?state=s", answer.Headers.Location!.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task Somebody_else_s_id_token_does_not_sign_the_user_out()
    {
        var attacker = await host.SignInAsync(await host.UserAsync());
        using var browser = new TestBrowser(host);
        await browser.SignInAsync(await host.UserAsync());

        using var page = await browser.GetAsync($"{Path}?id_token_hint={attacker.GetProperty("id_token").GetString()}");

        Assert.Contains("Sign out?", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Theory]
    [InlineData("id_token_hint=x")]
    [InlineData("post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fbye")]
    [InlineData("client_id=jan-client&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F")]
    [InlineData("client_id=nobody&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fbye")]
    public async Task A_link_that_names_what_nobody_registered_is_refused(string query)
    {
        using var browser = new TestBrowser(host);
        await browser.SignInAsync(await host.UserAsync());

        using var answer = await browser.GetAsync($"{Path}?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task An_access_token_is_no_hint()
    {
        using var browser = new TestBrowser(host);
        var tokens = await TestBrowser.TokensAsync(host, (await browser.SignInAsync(await host.UserAsync()))["code"]);

        using var answer = await browser.GetAsync($"{Path}?id_token_hint={tokens.GetProperty("access_token").GetString()}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(await IsSignedInAsync(browser));
    }

    private static async Task<bool> IsSignedInAsync(TestBrowser browser)
    {
        using var answer = await browser.AuthorizeAsync(("prompt", "none"));
        return TestBrowser.AnswerOf(answer).ContainsKey("code");
    }
}
