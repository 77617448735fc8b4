using System.Net;
using System.Text.Json;

namespace JanServer.Identity.Tests.Tokens;

public sealed class RefreshGrantTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Refreshing_rotates_the_token_and_keeps_the_session()
    {
        var first = await host.SignInAsync(await host.UserAsync());

        var second = await RefreshedAsync(first);

        Assert.NotEqual(RefreshOf(first), RefreshOf(second));
        Assert.Equal(first.GetProperty("session_state").GetString(), second.GetProperty("session_state").GetString());
        Assert.True(second.TryGetProperty("id_token", out _));
    }

    [Fact]
    public async Task A_token_used_after_its_successor_ends_the_session()
    {
        var first = await host.SignInAsync(await host.UserAsync());
        var second = await RefreshedAsync(first);
        var third = await RefreshedAsync(second);

        using var reuse = await host.RefreshAsync(RefreshOf(first));
        using var survivor = await host.RefreshAsync(RefreshOf(third));

        Assert.Equal(HttpStatusCode.BadRequest, reuse.StatusCode);
        Assert.Equal("invalid_grant", (await IdentityHost.JsonAsync(reuse)).GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, survivor.StatusCode);
        using var http = IdentityHost.With(host.Client(), third.GetProperty("access_token").GetString()!);
        using var userinfo = await http.GetAsync("/realms/jan/protocol/openid-connect/userinfo");
        Assert.Equal(HttpStatusCode.Unauthorized, userinfo.StatusCode);
    }

    [Fact]
    public async Task A_token_used_again_after_the_grace_ends_the_session()
    {
        var first = await host.SignInAsync(await host.UserAsync());
        var second = await RefreshedAsync(first);
        await host.Database.ExecuteAsync("UPDATE refresh_tokens SET rotated_at = rotated_at - interval '11 s' WHERE session_id = '"
            + first.GetProperty("session_state").GetString() + "'");

        using var reuse = await host.RefreshAsync(RefreshOf(first));
        using var survivor = await host.RefreshAsync(RefreshOf(second));

        Assert.Equal(HttpStatusCode.BadRequest, reuse.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, survivor.StatusCode);
    }

    [Fact]
    public async Task Two_tabs_that_refresh_at_once_both_stay_signed_in()
    {
        var first = await host.SignInAsync(await host.UserAsync());

        var tabs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RefreshedAsync(first)));

        Assert.Equal(4, tabs.Select(RefreshOf).Distinct().Count());
        await RefreshedAsync(tabs[3]);
    }

    [Fact]
    public async Task A_token_is_bound_to_its_client()
    {
        var tokens = await host.SignInAsync(await host.UserAsync());

        using var answer = await host.TokenAsync(
            "jan",
            ("grant_type", "refresh_token"),
            ("client_id", "backend"),
            ("client_secret", IdentityHost.BackendSecret),
            ("refresh_token", RefreshOf(tokens)));

        Assert.Equal("invalid_grant", (await IdentityHost.JsonAsync(answer)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_disabled_user_cannot_refresh()
    {
        var user = await host.UserAsync();
        var tokens = await host.SignInAsync(user);
        await host.Database.ExecuteAsync($"UPDATE users SET enabled = false WHERE id = '{user.Id}'");

        using var answer = await host.RefreshAsync(RefreshOf(tokens));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Only_the_digest_of_a_token_is_stored()
    {
        var tokens = await host.SignInAsync(await host.UserAsync());

        var found = await host.Database.ScalarAsync<long>(
            $"SELECT count(*) FROM refresh_tokens WHERE token_hash = sha256('{RefreshOf(tokens)}'::bytea)");

        Assert.Equal(1, found);
    }

    private static string RefreshOf(JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;

    private async Task<JsonElement> RefreshedAsync(JsonElement tokens)
    {
        using var answer = await host.RefreshAsync(RefreshOf(tokens));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await IdentityHost.JsonAsync(answer);
    }
}
