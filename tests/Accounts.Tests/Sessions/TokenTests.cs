using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JanServer.Accounts.Tests.Fixtures;

namespace JanServer.Accounts.Tests.Sessions;

public sealed class TokenTests(AccountsService service) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task A_refresh_token_is_traded_for_the_next()
    {
        using var client = service.Anonymous();
        var guest = await GuestAsync(client);

        var tokens = await client.PostAsJsonAsync("/auth/refresh-token", new { refresh_token = guest.Text("refresh_token") }).JsonAsync();
        var again = await client.PostAsJsonAsync("/auth/refresh-token", new { refresh_token = guest.Text("refresh_token") })
            .ErrorAsync(HttpStatusCode.Unauthorized);

        Assert.True(service.Keycloak.KnowsRefreshToken(tokens.Text("refresh_token")));
        Assert.Equal(("Bearer", 3600), (tokens.Text("token_type"), tokens.GetProperty("expires_in").GetInt32()));
        Assert.Equal(service.Clock.GetUtcNow().AddHours(1), tokens.GetProperty("expires_at").GetDateTimeOffset());
        Assert.Equal("invalid_api_key", again.Text("code"));
        using var user = service.ClientWith(tokens.Text("access_token"));
        Assert.Equal(guest.Text("user_id"), (await user.GetAsync("/auth/me").JsonAsync()).Text("id"));
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", """{"refresh_token":""}""")]
    [InlineData("application/json", """{"refresh_token":7}""")]
    [InlineData("application/json", "not JSON")]
    [InlineData("application/json", "")]
    [InlineData("text/plain", """{"refresh_token":"ignored"}""")]
    public async Task A_body_without_a_token_leaves_it_to_the_cookie(string type, string body)
    {
        using var client = service.Anonymous();
        var guest = await GuestAsync(client);
        using var request = Post("/auth/refresh-token", body, type);
        request.Headers.Add("Cookie", $"refresh_token={guest.Text("refresh_token")}");

        using var response = await client.SendAsync(request);

        var tokens = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith($"refresh_token={tokens.Text("refresh_token")};", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_refresh_token_may_come_as_bearer()
    {
        using var client = service.Anonymous();
        var guest = await GuestAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/refresh-token");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", guest.Text("refresh_token"));

        var tokens = await client.SendAsync(request).JsonAsync();

        Assert.True(service.Keycloak.KnowsRefreshToken(tokens.Text("refresh_token")));
    }

    [Fact]
    public async Task No_refresh_token_at_all_is_a_400()
    {
        using var client = service.Anonymous();

        var error = await client.PostAsync("/auth/refresh-token", null).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal(("refresh_token", "missing_required_parameter"), (error.Text("param"), error.Text("code")));
    }

    [Theory]
    [InlineData("GET", "cookie")]
    [InlineData("POST", "cookie")]
    [InlineData("POST", "body")]
    [InlineData("POST", "bearer")]
    public async Task A_logout_ends_the_session_wherever_the_token_is(string method, string place)
    {
        using var client = service.Anonymous();
        var token = (await GuestAsync(client)).Text("refresh_token");
        using var request = new HttpRequestMessage(new(method), "/auth/logout");
        switch (place)
        {
            case "cookie":
                request.Headers.Add("Cookie", $"refresh_token={token}");
                break;
            case "body":
                request.Content = JsonContent.Create(new { refresh_token = token });
                break;
            default:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                break;
        }

        using var response = await client.SendAsync(request);

        Assert.Equal("""{"status":"logged out"}""", await response.Content.ReadAsStringAsync());
        Assert.Contains("refresh_token=; expires=Thu, 01 Jan 1970", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.False(service.Keycloak.KnowsRefreshToken(token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("shorter than thirty")]
    public async Task A_logout_always_succeeds(string token)
    {
        using var client = service.Anonymous();

        var answer = await client.PostAsJsonAsync("/auth/logout", new { refresh_token = token }).JsonAsync();

        Assert.Equal("logged out", answer.Text("status"));
    }

    [Fact]
    public async Task A_valid_access_token_comes_with_the_providers_user()
    {
        using var client = service.Anonymous();
        var guest = await GuestAsync(client);
        using var user = service.ClientWith(guest.Text("access_token"));
        using var stranger = service.ClientWith("no-such-token");

        var valid = await user.PostAsync("/auth/validate", null).JsonAsync();
        await stranger.PostAsync("/auth/validate", null).ErrorAsync(HttpStatusCode.Unauthorized);
        await client.PostAsync("/auth/validate", null).ErrorAsync(HttpStatusCode.Unauthorized);

        Assert.True(valid.GetProperty("valid").GetBoolean());
        Assert.Equal(guest.Text("principal_id"), valid.GetProperty("user_info").Text("sub"));
    }

    [Fact]
    public async Task A_revoked_refresh_token_is_worth_nothing()
    {
        using var client = service.Anonymous();
        var token = (await GuestAsync(client)).Text("refresh_token");

        await client.PostAsJsonAsync("/auth/revoke", new { refresh_token = token }).JsonAsync();
        await client.PostAsJsonAsync("/auth/revoke", new { refresh_token = token }).JsonAsync();
        var error = await client.PostAsJsonAsync("/auth/revoke", new { other = token }).ErrorAsync(HttpStatusCode.BadRequest);

        await client.PostAsJsonAsync("/auth/refresh-token", new { refresh_token = token }).ErrorAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("refresh_token", error.Text("param"));
    }

    [Fact]
    public Task Without_the_identity_provider_tokens_are_not_refreshed_but_everyone_gets_out() => AccountsService.AloneAsync(async alone =>
    {
        await alone.Keycloak.DisposeAsync();
        using var client = alone.Anonymous();
        var body = new { refresh_token = "a-refresh-token" };

        await client.PostAsJsonAsync("/auth/refresh-token", body).ErrorAsync(HttpStatusCode.ServiceUnavailable);
        await client.PostAsJsonAsync("/auth/revoke", body).ErrorAsync(HttpStatusCode.ServiceUnavailable);
        await client.PostAsJsonAsync("/auth/logout", body).JsonAsync();
    });

    private static HttpRequestMessage Post(string path, string body, string type) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };

    private static Task<JsonElement> GuestAsync(HttpClient client) => client.PostAsync("/auth/guest-login", null).JsonAsync(HttpStatusCode.Created);
}
