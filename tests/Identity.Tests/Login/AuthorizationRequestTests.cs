using System.Net;

namespace JanServer.Identity.Tests.Login;

public sealed class AuthorizationRequestTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", "")]
    [InlineData("client_id", "backend")]
    [InlineData("redirect_uri", "")]
    [InlineData("redirect_uri", "http://localhost:8001/callback")]
    [InlineData("redirect_uri", "http://localhost:8000.evil.example/callback")]
    [InlineData("redirect_uri", "http://localhost:8000@evil.example/callback")]
    [InlineData("redirect_uri", "https://localhost:8000/callback")]
    [InlineData("redirect_uri", "http://localhost:8000/a/../b")]
    [InlineData("redirect_uri", "http://localhost:8000/a#b")]
    [InlineData("redirect_uri", "http://localhost:8000/a\nLocation: http://evil.example/")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    public async Task Without_an_address_that_the_client_registered_the_user_is_told_and_nobody_redirected(string name, string value)
    {
        using var browser = new TestBrowser(host);

        using var answer = await browser.AuthorizeAsync((name, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_parameter_that_comes_twice_is_refused()
    {
        using var browser = new TestBrowser(host);

        using var answer = await browser.GetAsync("/realms/jan/protocol/openid-connect/auth?client_id=jan-client&client_id=jan-client");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("invalid_request", "response_type", "")]
    [InlineData("unsupported_response_type", "response_type", "token")]
    [InlineData("invalid_request", "response_mode", "form_post")]
    [InlineData("invalid_request", "code_challenge", "")]
    [InlineData("invalid_request", "code_challenge", "short")]
    [InlineData("invalid_request", "code_challenge_method", "plain")]
    [InlineData("invalid_request", "code_challenge_method", "")]
    [InlineData("invalid_scope", "scope", "openid everything")]
    [InlineData("invalid_request", "prompt", "none login")]
    [InlineData("invalid_request", "prompt", "perhaps")]
    [InlineData("invalid_request", "max_age", "-1")]
    [InlineData("request_not_supported", "request", "x")]
    [InlineData("request_uri_not_supported", "request_uri", "https://example.com/")]
    public async Task What_is_wrong_with_the_rest_is_told_to_the_client(string error, string name, string value)
    {
        using var browser = new TestBrowser(host);

        using var answer = await browser.AuthorizeAsync((name, value), ("state", "s"));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var told = TestBrowser.AnswerOf(answer);
        Assert.Equal((error, "s", IdentityHost.Issuer), (told["error"], told["state"], told["iss"]));
        Assert.NotEmpty(told["error_description"]);
    }

    [Fact]
    public async Task Without_pkce_parameters_a_public_client_is_refused()
    {
        using var browser = new TestBrowser(host);

        using var answer = await browser.AuthorizeAsync(("code_challenge", ""), ("code_challenge_method", ""));

        Assert.Equal("invalid_request", TestBrowser.AnswerOf(answer)["error"]);
    }
}
