using System.Net;
using System.Text.Json;

namespace JanServer.Identity.Tests.Logout;

public sealed class BackChannelLogoutTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task The_refresh_token_ends_its_session_and_no_other()
    {
        var user = await host.UserAsync();
        var ended = await host.SignInAsync(user);
        var other = await host.SignInAsync(user);

        using var answer = await LogoutAsync(("client_id", "jan-client"), ("refresh_token", RefreshOf(ended)));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using var refused = await host.RefreshAsync(RefreshOf(ended));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await UserInfoAsync(ended));
        Assert.Equal(HttpStatusCode.OK, await UserInfoAsync(other));
    }

    [Theory]
    [InlineData("invalid_client", 401, "client_id", "nobody")]
    [InlineData("invalid_client", 401)]
    [InlineData("invalid_grant", 400, "client_id", "backend", "client_secret", IdentityHost.BackendSecret)]
    public async Task Another_client_cannot_end_the_session(string error, int status, params string[] form)
    {
        var tokens = await host.SignInAsync(await host.UserAsync());

        using var answer = await LogoutAsync([("refresh_token", RefreshOf(tokens)), .. form.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(error, (await IdentityHost.JsonAsync(answer)).GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.OK, await UserInfoAsync(tokens));
    }

    [Fact]
    public async Task An_unknown_refresh_token_is_an_invalid_grant()
    {
        using var answer = await LogoutAsync(("client_id", "jan-client"), ("refresh_token", "x"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_grant", (await IdentityHost.JsonAsync(answer)).GetProperty("error").GetString());
    }

    private static string RefreshOf(JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;

    private async Task<HttpResponseMessage> LogoutAsync(params (string Name, string Value)[] form)
    {
        using var http = host.Client();
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        return await http.PostAsync("/realms/jan/protocol/openid-connect/logout", content);
    }

    private async Task<HttpStatusCode> UserInfoAsync(JsonElement tokens)
    {
        using var http = IdentityHost.With(host.Client(), tokens.GetProperty("access_token").GetString()!);
        using var answer = await http.GetAsync("/realms/jan/protocol/openid-connect/userinfo");
        return answer.StatusCode;
    }
}
