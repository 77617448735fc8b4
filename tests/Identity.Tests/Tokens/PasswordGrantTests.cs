using System.Net;
using System.Net.Http.Json;

namespace JanServer.Identity.Tests.Tokens;

public sealed class PasswordGrantTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_signs_in_by_name_or_by_mail(bool byMail)
    {
        var user = await host.UserAsync();

        using var answer = await host.PasswordAsync(byMail ? user.Email.ToUpperInvariant() : user.Name, TestUser.Password);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var tokens = await IdentityHost.JsonAsync(answer);
        Assert.Equal("Bearer", tokens.GetProperty("token_type").GetString());
        Assert.Equal(3600, tokens.GetProperty("expires_in").GetInt32());
        Assert.Equal(2_592_000, tokens.GetProperty("refresh_expires_in").GetInt32());
        Assert.Equal("openid profile email", tokens.GetProperty("scope").GetString());
        var claims = IdentityHost.ClaimsOf(tokens.GetProperty("access_token").GetString()!);
        Assert.Equal(user.Id, claims.GetProperty("sub").GetGuid());
        Assert.Equal(IdentityHost.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("account", claims.GetProperty("aud").GetString());
        Assert.Equal("jan-client", claims.GetProperty("azp").GetString());
        Assert.Equal("Bearer", claims.GetProperty("typ").GetString());
        Assert.Equal(user.Name, claims.GetProperty("preferred_username").GetString());
        Assert.Equal(user.Email, claims.GetProperty("email").GetString());
        Assert.True(claims.GetProperty("email_verified").GetBoolean());
        Assert.Equal("Ann Other", claims.GetProperty("name").GetString());
        Assert.Equal(["user"], claims.GetProperty("realm_access").GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(["/standard"], claims.GetProperty("groups").EnumerateArray().Select(group => group.GetString()));
        Assert.Equal(tokens.GetProperty("session_state").GetGuid(), claims.GetProperty("sid").GetGuid());
    }

    [Fact]
    public async Task Group_flags_and_user_attributes_reach_the_token()
    {
        var user = await host.UserAsync(new { guest = new[] { "true" }, pid = new[] { "p-1" } });
        using var admin = await host.AdminAsync();
        var groups = await admin.GetFromJsonAsync<System.Text.Json.JsonElement>("/admin/realms/jan/groups?search=pilot");
        using var joined = await admin.PutAsync($"/admin/realms/jan/users/{user.Id}/groups/{groups[0].GetProperty("id").GetGuid()}", null);
        Assert.Equal(HttpStatusCode.NoContent, joined.StatusCode);

        var claims = IdentityHost.ClaimsOf((await host.SignInAsync(user)).GetProperty("access_token").GetString()!);

        Assert.Equal(["experimental_models"], claims.GetProperty("feature_flags").EnumerateArray().Select(flag => flag.GetString()));
        Assert.Equal(["/pilot_users", "/standard"], claims.GetProperty("groups").EnumerateArray().Select(group => group.GetString()));
        Assert.True(claims.GetProperty("guest").GetBoolean());
        Assert.Equal("p-1", claims.GetProperty("pid").GetString());
    }

    [Fact]
    public async Task An_unknown_user_a_wrong_password_and_a_disabled_account_have_one_answer()
    {
        var user = await host.UserAsync();
        var disabled = await host.UserAsync();
        using var admin = await host.AdminAsync();
        using var updated = await admin.PutAsJsonAsync($"/admin/realms/jan/users/{disabled.Id}", new { enabled = false });
        Assert.Equal(HttpStatusCode.NoContent, updated.StatusCode);

        using var unknown = await host.PasswordAsync("nobody-" + user.Name, TestUser.Password);
        using var wrong = await host.PasswordAsync(user.Name, "wrong password");
        using var off = await host.PasswordAsync(disabled.Name, TestUser.Password);

        var body = await unknown.Content.ReadAsStringAsync();
        Assert.Equal("""{"error":"invalid_grant","error_description":"Invalid user credentials"}""", body);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, body), (wrong.StatusCode, await wrong.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.Unauthorized, body), (off.StatusCode, await off.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Repeated_failures_lock_the_account_until_the_lockout_ends()
    {
        var user = await host.UserAsync();
        for (var i = 0; i < 8; i++)
        {
            using var wrong = await host.PasswordAsync(user.Name, "wrong password");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var locked = await host.PasswordAsync(user.Name, TestUser.Password);
        Assert.Equal(HttpStatusCode.Unauthorized, locked.StatusCode);

        await host.Database.ExecuteAsync($"UPDATE users SET lockout_end = lockout_end - interval '1 hour' WHERE id = '{user.Id}'");
        using var unlocked = await host.PasswordAsync(user.Name, TestUser.Password);
        Assert.Equal(HttpStatusCode.OK, unlocked.StatusCode);
    }

    [Fact]
    public async Task A_temporary_password_signs_nobody_in()
    {
        var user = await host.UserAsync();
        using var admin = await host.AdminAsync();
        using var reset = await admin.PutAsJsonAsync(
            $"/admin/realms/jan/users/{user.Id}/reset-password", new { type = "password", value = "temporary one", temporary = true });
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);

        using var answer = await host.PasswordAsync(user.Name, "temporary one");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Account is not fully set up", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invalid_client", 401, "grant_type", "password", "client_id", "nobody")]
    [InlineData("invalid_client", 401, "grant_type", "client_credentials", "client_id", "backend", "client_secret", "wrong")]
    [InlineData("invalid_client", 401, "grant_type", "client_credentials", "client_id", "backend")]
    [InlineData("invalid_client", 401, "grant_type", "password")]
    [InlineData("invalid_request", 400, "client_id", "jan-client")]
    [InlineData("invalid_request", 400, "grant_type", "password", "client_id", "jan-client", "username", "x")]
    [InlineData("invalid_request", 400, "grant_type", "refresh_token", "client_id", "jan-client")]
    [InlineData("invalid_request", 400, "grant_type", "password", "client_id", "jan-client", "client_id", "jan-client")]
    [InlineData("unsupported_grant_type", 400, "grant_type", "magic", "client_id", "jan-client")]
    [InlineData("unauthorized_client", 400, "grant_type", "client_credentials", "client_id", "jan-client")]
    [InlineData("invalid_scope", 400, "grant_type", "password", "client_id", "jan-client", "username", "x", "password", "y", "scope", "all")]
    [InlineData("invalid_grant", 400, "grant_type", "refresh_token", "client_id", "jan-client", "refresh_token", "x")]
    [InlineData("invalid_grant", 400, "grant_type", "authorization_code", "client_id", "jan-client", "code", "x")]
    public async Task A_bad_request_has_the_error_of_the_standard(string error, int status, params string[] form)
    {
        using var answer = await host.TokenAsync("jan", [.. form.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        Assert.Equal(status, (int)answer.StatusCode);
        var body = await IdentityHost.JsonAsync(answer);
        Assert.Equal(error, body.GetProperty("error").GetString());
        Assert.NotEmpty(body.GetProperty("error_description").GetString()!);
    }

    [Fact]
    public async Task Guessing_from_one_address_is_slowed_down()
    {
        await using var strict = new IdentityHost().With("Identity:Throttle:FailuresPerMinute", "5");
        await strict.InitializeAsync();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await strict.PasswordAsync($"nobody{i}", "wrong password");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var answer = await strict.PasswordAsync("nobody", "wrong password");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }
}
