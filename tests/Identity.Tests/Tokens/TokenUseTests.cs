using System.Net;
using System.Text.Json;

namespace JanServer.Identity.Tests.Tokens;

public sealed class TokenUseTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly (string, string)[] Backend = [("client_id", "backend"), ("client_secret", IdentityHost.BackendSecret)];

    [Fact]
    public async Task A_live_token_is_active_and_says_whose_it_is()
    {
        var user = await host.UserAsync();
        var tokens = await host.SignInAsync(user);

        var access = await IntrospectAsync(tokens.GetProperty("access_token").GetString()!);
        var refresh = await IntrospectAsync(tokens.GetProperty("refresh_token").GetString()!);

        Assert.True(access.GetProperty("active").GetBoolean());
        Assert.Equal(user.Id, access.GetProperty("sub").GetGuid());
        Assert.Equal(user.Name, access.GetProperty("username").GetString());
        Assert.Equal("jan-client", access.GetProperty("client_id").GetString());
        Assert.True(refresh.GetProperty("active").GetBoolean());
        Assert.Equal("Refresh", refresh.GetProperty("typ").GetString());
    }

    [Fact]
    public async Task A_token_that_is_garbage_changed_or_expired_is_not_active_and_nothing_else_is_said()
    {
        var token = (await host.SignInAsync(await host.UserAsync())).GetProperty("access_token").GetString()!;
        var parts = token.Split('.');
        await using var later = new IdentityHost();
        await later.InitializeAsync();
        var expired = (await later.SignInAsync(await later.UserAsync())).GetProperty("access_token").GetString()!;
        later.Clock.Advance(TimeSpan.FromHours(2));

        var answers = new[]
        {
            await IntrospectAsync("x"),
            await IntrospectAsync($"{parts[0]}.{parts[1]}."),
            await IntrospectAsync($"eyJhbGciOiJub25lIn0.{parts[1]}."),
            await IntrospectAsync($"{parts[0]}.e30.{parts[2]}"),
            await IntrospectAsync(expired, later),
        };

        Assert.All(answers, answer => Assert.Equal("""{"active":false}""", answer.GetRawText()));
    }

    [Fact]
    public async Task A_public_client_may_not_look_into_tokens()
    {
        using var answer = await PostAsync(host, "token/introspect", ("client_id", "jan-client"), ("token", "x"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_revoked_access_token_is_dead_and_its_session_lives()
    {
        var tokens = await host.SignInAsync(await host.UserAsync());
        var access = tokens.GetProperty("access_token").GetString()!;

        using var revoked = await PostAsync(host, "revoke", ("client_id", "jan-client"), ("token", access));

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.False((await IntrospectAsync(access)).GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, await UserInfoAsync(access));
        using var refreshed = await host.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Fact]
    public async Task A_revoked_refresh_token_takes_its_access_tokens_along()
    {
        var tokens = await host.SignInAsync(await host.UserAsync());

        using var revoked = await PostAsync(host, "revoke", ("client_id", "jan-client"), ("token", tokens.GetProperty("refresh_token").GetString()!));

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await UserInfoAsync(tokens.GetProperty("access_token").GetString()!));
    }

    [Fact]
    public async Task Revoking_somebody_else_s_token_is_answered_and_does_nothing()
    {
        var tokens = await host.SignInAsync(await host.UserAsync());

        using var foreign = await PostAsync(host, "revoke", [.. Backend, ("token", tokens.GetProperty("refresh_token").GetString()!)]);
        using var unknown = await PostAsync(host, "revoke", [.. Backend, ("token", "x")]);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (foreign.StatusCode, unknown.StatusCode));
        Assert.Equal(HttpStatusCode.OK, await UserInfoAsync(tokens.GetProperty("access_token").GetString()!));
    }

    [Fact]
    public async Task Userinfo_wants_the_scope_openid()
    {
        var user = await host.UserAsync();
        using var answer = await host.PasswordAsync(user.Name, TestUser.Password, scope: "profile");
        var token = (await IdentityHost.JsonAsync(answer)).GetProperty("access_token").GetString()!;

        Assert.Equal(HttpStatusCode.Forbidden, await UserInfoAsync(token));
    }

    private async Task<JsonElement> IntrospectAsync(string token, IdentityHost? at = null)
    {
        using var answer = await PostAsync(at ?? host, "token/introspect", [.. Backend, ("token", token)]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await IdentityHost.JsonAsync(answer);
    }

    private static async Task<HttpResponseMessage> PostAsync(IdentityHost host, string endpoint, params (string Name, string Value)[] form)
    {
        using var http = host.Client();
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        return await http.PostAsync($"/realms/jan/protocol/openid-connect/{endpoint}", content);
    }

    private async Task<HttpStatusCode> UserInfoAsync(string accessToken)
    {
        using var http = IdentityHost.With(host.Client(), accessToken);
        using var answer = await http.GetAsync("/realms/jan/protocol/openid-connect/userinfo");
        return answer.StatusCode;
    }
}
