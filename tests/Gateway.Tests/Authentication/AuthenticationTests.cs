using System.Net;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.Gateway.Tests.Authentication;

public sealed class AuthenticationTests(GatewayFactory gateway) : IClassFixture<GatewayFactory>
{
    public static TheoryData<string> ForgedHeaders =>
    [
        "Jan-Caller",
        "X-User-Id",
        "X-User-Subject",
        "X-User-Email",
        "X-Auth-Method",
        "X-Principal-Id",
        "X-Consumer-ID",
        "X-Consumer-Custom-ID",
        "X-Credential-Identifier",
        "X-Scopes",
        "X-Authenticated-Userid",
        "X-Gateway-Auth",
        "X-Forwarded-User",
        "X-Forwarded-For",
        "X-Original-URL",
        "Forwarded",
        "X_User_Id",
    ];

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("authorization", "bearer {0}")]
    [InlineData("X-API-Key", "{0}")]
    [InlineData("apikey", "{0}")]
    public async Task An_api_key_becomes_a_caller_token(string header, string value)
    {
        var ann = TestCallers.User().ByApiKey(Scopes.Inference);
        var key = gateway.NewKey(ann);
        using var client = gateway.Anonymous();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, string.Format(null, value, key));

        var arrived = await ArriveAsync(client);

        var caller = Callers.Of(arrived);
        Assert.NotNull(caller);
        Assert.Equal(ann.UserId, caller.UserId);
        Assert.Equal(ann.OrganizationId, caller.OrganizationId);
        Assert.Equal(ann.ProjectId, caller.ProjectId);
        Assert.Equal(ann.ApiKeyId, caller.ApiKeyId);
        Assert.Equal(AuthMethod.ApiKey, caller.Method);
        Assert.Equal([Scopes.Inference], caller.Scopes);
        Assert.DoesNotContain(arrived.Headers, sent => sent.Value.ToString().Contains(key, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ForgedHeaders))]
    public async Task A_forged_header_changes_nothing(string header)
    {
        var ann = TestCallers.User().ByApiKey(Scopes.All);
        var root = TestCallers.TokenFor(TestCallers.Admin());
        using var client = gateway.ClientWith(gateway.NewKey(ann));
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, root);

        var arrived = await ArriveAsync(client);

        Assert.Equal(ann.UserId, Callers.Of(arrived)?.UserId);
        Assert.False(Callers.Of(arrived)?.IsAdmin);
        Assert.DoesNotContain(arrived.Headers, sent => sent.Value.ToString().Contains(root, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ForgedHeaders))]
    public async Task A_forged_header_is_no_credential(string header)
    {
        using var client = gateway.Anonymous();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, TestCallers.TokenFor(TestCallers.Admin()));

        var error = await client.ErrorAsync(HttpStatusCode.Unauthorized, "/v1/models");

        Assert.Equal("missing_credentials", error.Code);
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/auth/me")]
    [InlineData("/auth/api-keys")]
    [InlineData("/auth/guest-login/more")]
    [InlineData("/v1/organizations")]
    [InlineData("/llm/v1/models")]
    [InlineData("/llm/auth/me")]
    [InlineData("/v1/public/shares")]
    [InlineData("/v1/public/shares/")]
    [InlineData("/v1/public/shares/slug/more")]
    [InlineData("/v1/public/sharesslug")]
    [InlineData("/v1/shares/slug")]
    [InlineData("/v1/mcp/oauth")]
    [InlineData("/v1/mcp/oauth/callback/more")]
    [InlineData("/v1/mcp/servers")]
    [InlineData("/v1/admin/mcp/servers")]
    public async Task Nothing_is_anonymous_that_is_not_listed(string path)
    {
        using var client = gateway.Anonymous();
        var error = await client.ErrorAsync(HttpStatusCode.Unauthorized, path);
        Assert.Equal("authentication_error", error.Type);
        Assert.NotNull(error.RequestId);
    }

    [Theory]
    [InlineData("Authorization", "Basic YTpi")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer neither-key-nor-token")]
    [InlineData("X-API-Key", "not-a-key")]
    [InlineData("X-API-Key", "sk_live_unknown")]
    public async Task A_malformed_or_unknown_credential_is_refused(string header, string value)
    {
        using var client = gateway.Anonymous();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        await client.ErrorAsync(HttpStatusCode.Unauthorized, "/v1/models");
    }

    [Fact]
    public async Task Two_credentials_of_different_users_conflict()
    {
        using var client = gateway.ClientWith(gateway.NewKey());
        client.DefaultRequestHeaders.Add("X-API-Key", gateway.NewKey());
        await client.ErrorAsync(HttpStatusCode.Unauthorized, "/v1/models");
    }

    [Fact]
    public async Task Of_two_credentials_of_one_user_the_key_counts()
    {
        var ann = TestCallers.User();
        var narrow = ann.ByApiKey(Scopes.ModelsRead);
        using var client = gateway.ClientWith(gateway.NewKey(ann.ByApiKey(Scopes.All)));
        client.DefaultRequestHeaders.Add("X-API-Key", gateway.NewKey(narrow));

        Assert.Equal(narrow.ApiKeyId, Callers.Of(await ArriveAsync(client))?.ApiKeyId);
    }

    [Fact]
    public async Task Anonymous_endpoints_reach_accounts_with_the_gateways_token_and_the_clients_address()
    {
        gateway.Accounts.Always("/auth/guest-login", exchange => exchange.JsonAsync("{}", 201));
        using var client = gateway.Anonymous();
        client.DefaultRequestHeaders.Add("Authorization", "Bearer stale");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");

        using var response = await client.PostAsync(new Uri("/auth/guest-login", UriKind.Relative), new StringContent("{}"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var arrived = gateway.Accounts.Requests.Last(request => request.Path == "/auth/guest-login");
        Assert.Equal("service:gateway", Callers.Of(arrived)?.Subject);
        Assert.Equal("127.0.0.1", arrived.Header("X-Forwarded-For"));
        Assert.Null(arrived.Header("Authorization"));
    }

    [Theory]
    [InlineData("/v1/public/shares/slug")]
    [InlineData("/llm/v1/public/shares/slug")]
    public async Task A_share_is_read_without_a_credential_and_one_that_is_sent_stays_here(string path)
    {
        gateway.LlmApi.Always("/v1/public/shares/slug", exchange => exchange.JsonAsync("{}"));
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var client = gateway.ClientWith("an-expired-token");
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            using var response = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("60;w=60", response.HeaderOrNull("RateLimit-Policy"));
            var arrived = gateway.LlmApi.Requests.Last(one => one.Path == "/v1/public/shares/slug");
            Assert.Equal("service:gateway", Callers.Of(arrived)?.Subject);
            Assert.Null(arrived.Header("Authorization"));
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task A_share_is_only_read_without_a_credential(string method)
    {
        using var client = gateway.Anonymous();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/v1/public/shares/slug", UriKind.Relative));
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("/auth/refresh-token")]
    [InlineData("/auth/logout")]
    [InlineData("/auth/validate")]
    public async Task Endpoints_that_read_the_bearer_get_it_whatever_it_is_worth(string path)
    {
        gateway.Accounts.Always(path, exchange => exchange.JsonAsync("{}"));
        using var client = gateway.ClientWith("an-expired-token");
        client.DefaultRequestHeaders.Add("Cookie", "refresh_token=abc");

        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), new StringContent("{}"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var arrived = gateway.Accounts.Requests.Last(request => request.Path == path);
        Assert.Equal("Bearer an-expired-token", arrived.Header("Authorization"));
        Assert.Equal("refresh_token=abc", arrived.Header("Cookie"));
    }

    [Fact]
    public async Task Cookies_stay_with_accounts()
    {
        using var client = gateway.ClientWith(gateway.NewKey());
        client.DefaultRequestHeaders.Add("Cookie", "refresh_token=abc");
        Assert.Null((await ArriveAsync(client)).Header("Cookie"));
    }

    [Fact]
    public async Task A_key_is_asked_about_once_however_often_it_is_used()
    {
        var key = gateway.NewKey();
        using var client = gateway.ClientWith(key);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ArriveAsync(client)));
        Assert.Equal(1, gateway.QuestionsAbout(key));
    }

    [Fact]
    public async Task A_bad_key_is_asked_about_once()
    {
        const string Key = "sk_live_guessed_by_someone";
        using var client = gateway.ClientWith(Key);
        for (var i = 0; i < 5; i++)
        {
            await client.ErrorAsync(HttpStatusCode.Unauthorized, "/v1/models");
        }

        Assert.Equal(1, gateway.QuestionsAbout(Key));
    }

    private async Task<RecordedRequest> ArriveAsync(HttpClient client)
    {
        var path = $"/v1/tests/{Guid.CreateVersion7():N}";
        gateway.LlmApi.Always(path, exchange => exchange.JsonAsync("{}"));
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return gateway.LlmApi.Requests.Single(request => request.Path == path);
    }
}
