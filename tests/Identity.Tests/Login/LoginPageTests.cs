using System.Net;
using System.Net.Http.Json;

namespace JanServer.Identity.Tests.Login;

public sealed class LoginPageTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task The_page_allows_no_script_no_frame_and_no_cache_and_its_cookie_is_for_browsers_only()
    {
        using var http = host.Client();

        using var page = await http.GetAsync(
            "/realms/jan/protocol/openid-connect/auth?" + await new FormUrlEncodedContent(TestBrowser.Parameters()).ReadAsStringAsync());

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' http://localhost:8000;", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        var cookie = page.Headers.GetValues("Set-Cookie").Single();
        Assert.EndsWith("; path=/realms/jan/; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", await page.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Over_https_the_cookies_are_secure()
    {
        await using var secure = new IdentityHost().With("Identity:PublicUrl", "https://login.example.com/idp");
        await secure.InitializeAsync();
        using var http = secure.Client();

        using var page = await http.GetAsync(
            "/realms/jan/protocol/openid-connect/auth?" + await new FormUrlEncodedContent(TestBrowser.Parameters()).ReadAsStringAsync());

        var cookie = page.Headers.GetValues("Set-Cookie").Single();
        Assert.EndsWith("; path=/idp/realms/jan/; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_link_says_is_shown_as_text()
    {
        using var browser = new TestBrowser(host);

        using var page = await browser.AuthorizeAsync(("login_hint", "\"><script>alert(1)</script>"), ("state", "\"><script>"));

        var html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.x")]
    [InlineData("9999999999.AAAA")]
    public async Task A_form_of_another_page_signs_nobody_in(string token)
    {
        var user = await host.UserAsync();
        using var browser = new TestBrowser(host);
        using var page = await browser.AuthorizeAsync();

        using var answer = await browser.SubmitAsync(page, ("username", user.Name), ("password", TestUser.Password), ("form_token", token));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("JAN_SESSION", answer.Headers.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_token_is_bound_to_its_browser_and_its_request()
    {
        var user = await host.UserAsync();
        using var attacker = new TestBrowser(host);
        using var victim = new TestBrowser(host);
        using var page = await attacker.AuthorizeAsync();
        using var ignored = await victim.AuthorizeAsync();

        using var elsewhere = await victim.SubmitLoginAsync(page, user);
        using var changed = await attacker.SubmitAsync(page, ("username", user.Name), ("password", TestUser.Password), ("state", "other"));

        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, changed.StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_look_the_same_and_the_form_works_on()
    {
        var user = await host.UserAsync();
        using var browser = new TestBrowser(host);
        using var page = await browser.AuthorizeAsync();

        using var wrong = await browser.SubmitLoginAsync(page, user, "wrong password");
        using var unknown = await browser.SubmitAsync(page, ("username", "nobody-" + user.Name), ("password", "wrong password"));
        using var right = await browser.SubmitLoginAsync(wrong, user);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (wrong.StatusCode, unknown.StatusCode));
        Assert.Contains("Wrong name or password.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Wrong name or password.", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("code", TestBrowser.AnswerOf(right).Keys);
    }

    [Fact]
    public async Task A_locked_account_is_refused_even_with_the_right_password()
    {
        var user = await host.UserAsync();
        using var browser = new TestBrowser(host);
        using var page = await browser.AuthorizeAsync();
        for (var i = 0; i < 8; i++)
        {
            using var wrong = await browser.SubmitLoginAsync(page, user, "wrong password");
        }

        using var locked = await browser.SubmitLoginAsync(page, user);

        Assert.Equal(HttpStatusCode.BadRequest, locked.StatusCode);
        Assert.Contains("Wrong name or password.", await locked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_on_the_page_is_slowed_down()
    {
        await using var strict = new IdentityHost().With("Identity:Throttle:FailuresPerMinute", "2");
        await strict.InitializeAsync();
        using var browser = new TestBrowser(strict);
        using var page = await browser.AuthorizeAsync();
        for (var i = 0; i < 2; i++)
        {
            using var wrong = await browser.SubmitAsync(page, ("username", $"nobody{i}"), ("password", "wrong password"));
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        }

        using var answer = await browser.SubmitAsync(page, ("username", "nobody"), ("password", "wrong password"));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    [Fact]
    public async Task A_disabled_user_is_signed_out_everywhere()
    {
        var user = await host.UserAsync();
        using var browser = new TestBrowser(host);
        var tokens = await TestBrowser.TokensAsync(host, (await browser.SignInAsync(user))["code"]);
        using var admin = await host.AdminAsync();
        using var updated = await admin.PutAsJsonAsync($"/admin/realms/jan/users/{user.Id}", new { enabled = false });
        Assert.Equal(HttpStatusCode.NoContent, updated.StatusCode);

        using var silent = await browser.AuthorizeAsync(("prompt", "none"));
        using var refresh = await host.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!);

        Assert.Equal("login_required", TestBrowser.AnswerOf(silent)["error"]);
        Assert.Equal(HttpStatusCode.BadRequest, refresh.StatusCode);
    }
}
