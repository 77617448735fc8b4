using System.Globalization;
using System.Net;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.Gateway.Tests.RateLimits;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Every_answer_says_where_the_client_stands()
    {
        await using var gateway = await StartAsync(("PerCredential", 5));
        using var client = gateway.ClientWith(gateway.NewKey());

        using var first = await GetAsync(client);
        using var second = await GetAsync(client);

        Assert.Equal("5", first.HeaderOrNull("RateLimit-Limit"));
        Assert.Equal("4", first.HeaderOrNull("RateLimit-Remaining"));
        Assert.Equal("5;w=60", first.HeaderOrNull("RateLimit-Policy"));
        Assert.Equal("5", first.HeaderOrNull("x-ratelimit-limit-requests"));
        Assert.Equal("4", first.HeaderOrNull("x-ratelimit-remaining-requests"));
        Assert.EndsWith("s", first.HeaderOrNull("x-ratelimit-reset-requests"), StringComparison.Ordinal);
        Assert.InRange(int.Parse(first.HeaderOrNull("RateLimit-Reset")!, CultureInfo.InvariantCulture), 1, 12);
        Assert.Equal("3", second.HeaderOrNull("RateLimit-Remaining"));
    }

    [Fact]
    public async Task Beyond_the_limit_is_429_with_a_time_to_come_back_and_others_are_not_held_up()
    {
        await using var gateway = await StartAsync(("PerCredential", 2));
        using var greedy = gateway.ClientWith(gateway.NewKey());
        using var other = gateway.ClientWith(gateway.NewKey());
        (await GetAsync(greedy)).Dispose();
        (await GetAsync(greedy)).Dispose();

        using var refused = await GetAsync(greedy);

        var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal("rate_limit_exceeded", error.Code);
        Assert.Equal("rate_limit_error", error.Type);
        Assert.InRange(int.Parse(refused.HeaderOrNull("Retry-After")!, CultureInfo.InvariantCulture), 1, 30);
        Assert.Equal("0", refused.HeaderOrNull("RateLimit-Remaining"));
        Assert.Equal(2, gateway.LlmApi.Requests.Count(request => request.Path == "/v1/models"));

        using var served = await GetAsync(other);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Keys_of_one_user_have_their_own_limits_and_tokens_share_one()
    {
        await using var gateway = await StartAsync(("PerCredential", 1));
        var ann = TestCallers.User();
        foreach (var key in new[] { gateway.NewKey(ann.ByApiKey(Scopes.All)), gateway.NewKey(ann.ByApiKey(Scopes.All)) })
        {
            using var client = gateway.ClientWith(key);
            using var response = await GetAsync(client);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Guests_get_less()
    {
        await using var gateway = await StartAsync(("PerGuest", 1));
        using var client = gateway.ClientWith(gateway.NewKey(TestCallers.Guest()));
        (await GetAsync(client)).Dispose();
        using var response = await GetAsync(client);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
    }

    [Fact]
    public async Task New_guests_are_limited_by_address_and_a_forged_address_does_not_help()
    {
        await using var gateway = await StartAsync(("GuestLogin", 2));
        gateway.Accounts.Always("/auth/guest-login", exchange => exchange.JsonAsync("{}", 201));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            using var client = gateway.Anonymous();
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"203.0.113.{i}");
            using var response = await client.PostAsync(new Uri("/auth/guest-login", UriKind.Relative), null).Soon();
            answers.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.TooManyRequests], answers);
    }

    [Fact]
    public async Task An_address_is_limited_before_its_credential_is_looked_at()
    {
        await using var gateway = await StartAsync(("PerAddress", 1));
        using var first = gateway.ClientWith("sk_live_guess_1");
        using var second = gateway.ClientWith("sk_live_guess_2");
        await first.ErrorAsync(HttpStatusCode.Unauthorized, "/v1/models");
        await second.ErrorAsync(HttpStatusCode.TooManyRequests, "/v1/models");
        Assert.Equal(0, gateway.QuestionsAbout("sk_live_guess_2"));
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_clients_are_told_apart_by_the_address_it_reports()
    {
        await using var gateway = await StartAsync(("PerAddress", 1));
        gateway["Gateway:TrustedProxies:0"] = "127.0.0.0/8";
        using var client = gateway.ClientWith(gateway.NewKey());
        var answers = new List<HttpStatusCode>();
        foreach (var address in new[] { "203.0.113.1", "203.0.113.2", "198.51.100.7, 203.0.113.1", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            request.Headers.Add("X-Forwarded-For", address);
            request.Headers.Add("X-Forwarded-Proto", "https");
            using var response = await client.SendAsync(request).Soon();
            answers.Add(response.StatusCode);
        }

        // The last address of the list is the one the proxy saw; of IPv6 addresses the first 64 bits count.
        Assert.Equal(
            [
                HttpStatusCode.OK,
                HttpStatusCode.OK,
                HttpStatusCode.TooManyRequests,
                HttpStatusCode.OK,
                HttpStatusCode.TooManyRequests,
                HttpStatusCode.OK,
            ],
            answers);
        var arrived = gateway.LlmApi.Requests.First(request => request.Path == "/v1/models");
        Assert.Equal("203.0.113.1", arrived.Header("X-Forwarded-For"));
        Assert.Equal("https", arrived.Header("X-Forwarded-Proto"));
    }

    [Fact]
    public async Task A_limit_of_zero_is_none()
    {
        await using var gateway = await StartAsync(("PerAddress", 0), ("PerCredential", 0));
        using var client = gateway.ClientWith(gateway.NewKey());
        using var response = await GetAsync(client);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.HeaderOrNull("RateLimit-Limit"));
    }

    private static async Task<GatewayFactory> StartAsync(params (string Policy, int PerMinute)[] limits)
    {
        var gateway = await GatewayFactory.NewAsync();
        foreach (var (policy, perMinute) in limits)
        {
            gateway[$"Gateway:RateLimits:{policy}:PerMinute"] = perMinute.ToString(CultureInfo.InvariantCulture);
        }

        gateway.LlmApi.Always("/v1/models", exchange => exchange.JsonAsync("{}"));
        return gateway;
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client) => client.GetAsync(new Uri("/v1/models", UriKind.Relative)).Soon();
}
