using System.Net;

namespace JanServer.Identity.Tests.Login;

public sealed class RegistrationTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Who_registers_is_signed_in_and_a_user_like_any_other()
    {
        using var browser = new TestBrowser(host);
        var name = $"n{Guid.CreateVersion7():n}";
        using var page = await browser.AuthorizeAsync(("prompt", "create"), ("state", "s"));

        using var answer = await browser.SubmitAsync(page, Typed(name));

        var told = TestBrowser.AnswerOf(answer);
        Assert.Equal("s", told["state"]);
        var claims = IdentityHost.ClaimsOf((await TestBrowser.TokensAsync(host, told["code"])).GetProperty("access_token").GetString()!);
        Assert.Equal(name, claims.GetProperty("preferred_username").GetString());
        Assert.False(claims.GetProperty("email_verified").GetBoolean());
        Assert.Equal(["user"], claims.GetProperty("realm_access").GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        using var later = await host.PasswordAsync(name, TestUser.Password);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Theory]
    [InlineData("username", "a<b")]
    [InlineData("username", "")]
    [InlineData("email", "")]
    [InlineData("email", "no mail")]
    [InlineData("password", "short")]
    [InlineData("password-confirm", "something else")]
    public async Task What_does_not_fit_is_asked_for_again(string name, string value)
    {
        using var browser = new TestBrowser(host);
        using var page = await browser.AuthorizeAsync(("prompt", "create"));
        var typed = Typed($"n{Guid.CreateVersion7():n}").Select(field => field.Name == name ? (name, value) : field).ToList();
        if (name == "password")
        {
            typed[^1] = ("password-confirm", value);
        }

        using var answer = await browser.SubmitAsync(page, [.. typed]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_name_and_a_taken_mail_have_one_answer()
    {
        var user = await host.UserAsync();
        using var browser = new TestBrowser(host);
        using var page = await browser.AuthorizeAsync(("prompt", "create"));

        using var byName = await browser.SubmitAsync(page, Typed(user.Name));
        using var byMail = await browser.SubmitAsync(page, [.. Typed($"n{Guid.CreateVersion7():n}"), ("email", user.Email)]);

        const string Answer = "This username or e-mail address cannot be used.";
        Assert.Contains(Answer, await byName.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(Answer, await byMail.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_realm_that_is_closed_registers_nobody()
    {
        await using var closed = new IdentityHost().With("Identity:RegistrationAllowed", "false");
        await closed.InitializeAsync();
        using var browser = new TestBrowser(closed);

        using var page = await browser.AuthorizeAsync();
        using var asked = await browser.AuthorizeAsync(("prompt", "create"));
        using var forced = await closed.Client().PostAsync(
            "/realms/jan/login-actions/registration", new FormUrlEncodedContent(TestBrowser.Parameters()));

        Assert.DoesNotContain("Create an account", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("invalid_request", TestBrowser.AnswerOf(asked)["error"]);
        Assert.Equal(HttpStatusCode.BadRequest, forced.StatusCode);
    }

    private static (string Name, string Value)[] Typed(string name) =>
    [
        ("username", name), ("email", $"{name}@example.com"), ("firstName", "New"), ("lastName", "Comer"), ("password", TestUser.Password),
        ("password-confirm", TestUser.Password),
    ];
}
