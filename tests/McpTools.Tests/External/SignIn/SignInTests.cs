using System.Net;
using System.Text.RegularExpressions;
using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.McpTools.Tests.External.SignIn;

public sealed class SignInTests(ExternalService service) : IClassFixture<ExternalService>, IAsyncLifetime
{
    private const string Own = "/v1/mcp/servers";

    private readonly Caller _ann = TestCallers.User();
    private TestAuthorizationServer _oauth = null!;
    private TestMcpServer _server = null!;

    private HttpClient Client => service.ClientFor(_ann);

    public async Task InitializeAsync()
    {
        _oauth = await TestAuthorizationServer.StartAsync();
        _server = await TestMcpServer.StartAsync(true, "secret");
        _oauth.Protect(_server);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _oauth.DisposeAsync();
    }

    [Fact]
    public async Task A_user_signs_in_and_calls_the_tools()
    {
        var id = await RegisterAsync();
        Assert.Equal(["own_sign_in"], await NamesAsync(_ann));
        var asked = await service.CallAsync(_ann, "own_sign_in");
        Assert.True(asked.IsError);

        var done = await SignInAsync(LinkIn(asked.Text()));

        Assert.Contains("connected", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await service.ToolOf(_ann, "own_secret");
        Assert.Equal("called secret", (await service.CallAsync(_ann, "own_secret")).Text());
        Assert.Equal(["own_secret"], await NamesAsync(_ann));
        Assert.True((await Client.SendAsync("GET", $"{Own}/{id}/authorization").JsonAsync()).GetProperty("authorized").GetBoolean());
        Assert.False(await service.Database.ScalarAsync<bool>(
            "SELECT bool_or(encode(tokens, 'escape') LIKE '%access-%' OR external_authorizations::text LIKE '%refresh-%') FROM external_authorizations"));
    }

    [Fact]
    public async Task The_client_registers_once()
    {
        var id = await RegisterAsync();
        await LinkAsync(id);
        await LinkAsync(id);
        Assert.Equal(1, _oauth.Clients);
    }

    [Fact]
    public async Task A_configured_client_proves_itself()
    {
        _oauth.Confidential = ("ours", "secret");
        var id = (await Client.SendAsync("POST", Own, new { label = "own", url = _server.Url, auth = "oauth", oauth = new { client_id = "ours", client_secret = "secret" } })
            .JsonAsync(HttpStatusCode.Created)).Text("id");
        await SignInAsync(await LinkAsync(id));
        await service.ToolOf(_ann, "own_secret");
        Assert.Equal(0, _oauth.Clients);
    }

    [Fact]
    public async Task The_page_names_the_account_and_asks_first()
    {
        using var browser = new Browser(service);
        using var page = await browser.GetAsync(await LinkAsync(await RegisterAsync()));
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains(_ann.Email!, html, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var cookie = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_sign_in_is_finished_by_the_browser_that_began_it_and_once()
    {
        var id = await RegisterAsync();
        using var browser = new Browser(service);
        var callback = await browser.BeginAsync(await LinkAsync(id));

        using var another = new Browser(service);
        using var foreign = await another.GetAsync(callback);
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        Assert.Contains("another browser", await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Whoever tried used it up, so that a stolen state cannot be tried over and over.
        using var late = await browser.GetAsync(callback);
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        Assert.False((await Client.SendAsync("GET", $"{Own}/{id}/authorization").JsonAsync()).GetProperty("authorized").GetBoolean());
    }

    [Fact]
    public async Task A_link_works_once_and_not_without_its_page()
    {
        var link = await LinkAsync(await RegisterAsync());
        using var forged = new Browser(service);
        using var posted = await forged.PostAsync(link);
        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);

        using var browser = new Browser(service);
        await browser.BeginAsync(link);
        using var second = new Browser(service);
        using var again = await second.GetAsync(link);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    [Fact]
    public async Task A_sign_in_that_took_too_long_is_over()
    {
        using var browser = new Browser(service);
        var link = await LinkAsync(await RegisterAsync());
        var callback = await browser.BeginAsync(link);
        await service.Database.ExecuteAsync("UPDATE external_sign_ins SET expires_at = now() - interval '1 second'");
        using var late = await browser.GetAsync(callback);
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
    }

    [Theory]
    [InlineData("/v1/mcp/oauth/callback")]
    [InlineData("/v1/mcp/oauth/callback?code=x")]
    [InlineData("/v1/mcp/oauth/callback?code=x&state=made-up")]
    [InlineData("/v1/mcp/oauth/start")]
    [InlineData("/v1/mcp/oauth/start?ticket=made-up")]
    public async Task What_is_made_up_leads_nowhere(string path)
    {
        using var browser = new Browser(service);
        using var answer = await browser.GetAsync(new Uri("http://jan.example.test" + path));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_answer_of_another_authorization_server_is_refused()
    {
        _oauth.FalseName = "http://localhost:1/other";
        using var answer = await SignInAsync(await LinkAsync(await RegisterAsync()), HttpStatusCode.BadRequest);
        Assert.Contains("another authorization server", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_pkce_nobody_signs_in()
    {
        _oauth.HasNoPkce = true;
        await Client.SendAsync("POST", $"{Own}/{await RegisterAsync()}/authorize").ErrorAsync(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task A_token_that_ran_out_is_refreshed_once_for_all_replicas()
    {
        await SignInAsync(await LinkAsync(await RegisterAsync()));
        await service.ToolOf(_ann, "own_secret");
        await service.CallAsync(_ann, "own_secret");
        await using var other = await ExternalService.ReplicaOfAsync(service.Database);
        await other.CallAsync(_ann, "own_secret");
        var before = _oauth.Refreshes;
        _oauth.ExpireAccessTokens();

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? service : other).CallAsync(_ann, "own_secret")));

        Assert.All(results, result => Assert.Equal("called secret", result.Text()));
        Assert.Equal(before + 1, _oauth.Refreshes);
    }

    [Fact]
    public async Task A_token_about_to_run_out_is_refreshed_before()
    {
        _oauth.Lifetime = 30;
        await SignInAsync(await LinkAsync(await RegisterAsync()));
        await service.ToolOf(_ann, "own_secret");
        Assert.True(_oauth.Refreshes > 0);
    }

    [Fact]
    public async Task When_nothing_is_good_any_more_the_tool_gives_the_link()
    {
        await SignInAsync(await LinkAsync(await RegisterAsync()));
        await service.ToolOf(_ann, "own_secret");
        _oauth.ExpireAccessTokens();
        _oauth.RevokeRefreshTokens();

        var result = await service.CallAsync(_ann, "own_secret");
        Assert.True(result.IsError);
        Assert.Contains("sign in", result.Text(), StringComparison.Ordinal);

        await SignInAsync(LinkIn(result.Text()));
        Assert.Equal("called secret", (await service.CallAsync(_ann, "own_secret")).Text());
    }

    [Fact]
    public async Task Each_user_has_tokens_of_their_own_and_forgets_them()
    {
        using var admin = service.ClientFor(TestCallers.Admin());
        var label = $"l{Guid.CreateVersion7():N}"[..20];
        var id = await admin.RegisterAsync(new { label, url = _server.Url, auth = "oauth" }, "/v1/admin/mcp/servers");
        await SignInAsync(await LinkAsync(id));
        await service.ToolOf(_ann, $"{label}_secret");

        var bob = TestCallers.User();
        Assert.Equal([$"{label}_sign_in"], await NamesAsync(bob));

        await Client.SendAsync("DELETE", $"{Own}/{id}/authorization").JsonAsync();
        await Client.SendAsync("DELETE", $"{Own}/{id}/authorization").ErrorAsync(HttpStatusCode.NotFound);
        Assert.Equal([$"{label}_sign_in"], await NamesAsync(_ann));
        await admin.SendAsync("DELETE", $"/v1/admin/mcp/servers/{id}").JsonAsync();
    }

    [Fact]
    public async Task Nobody_signs_in_to_a_server_that_needs_none()
    {
        var id = await Client.RegisterAsync(new { label = "open", url = _server.Url });
        await Client.SendAsync("POST", $"{Own}/{id}/authorize").ErrorAsync(HttpStatusCode.Conflict);
    }

    private Task<string> RegisterAsync() => Client.RegisterAsync(new { label = "own", url = _server.Url, auth = "oauth" });

    private async Task<Uri> LinkAsync(string id) => new((await Client.SendAsync("POST", $"{Own}/{id}/authorize").JsonAsync()).Text("url"));

    /// <summary>The tools of external servers that the caller has.</summary>
    private async Task<IEnumerable<string>> NamesAsync(Caller caller) =>
        (await service.ToolsOf(caller)).Where(tool => tool.Meta?.ContainsKey("janserver/server_label") == true).Select(tool => tool.Name);

    private static Uri LinkIn(string text) => new(Regex.Match(text, "http://jan[^ ]+").Value);

    private async Task<HttpResponseMessage> SignInAsync(Uri link, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var browser = new Browser(service);
        var answer = await browser.GetAsync(await browser.BeginAsync(link));
        Assert.Equal(status, answer.StatusCode);
        return answer;
    }

    /// <summary>A browser with cookies of its own, which reaches mcp-tools by its public name.</summary>
    private sealed class Browser(ExternalService service) : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        private readonly Uri _ours = AddressOf(service);
        private string? _cookie;

        public Task<HttpResponseMessage> GetAsync(Uri uri) => SendAsync(new(HttpMethod.Get, new Uri(_ours, uri.PathAndQuery)));

        public Task<HttpResponseMessage> PostAsync(Uri link) => SendAsync(new(HttpMethod.Post, new Uri(_ours, link.AbsolutePath))
        {
            Content = new FormUrlEncodedContent([new("ticket", link.Query["?ticket=".Length..])]),
        });

        /// <summary>Goes to the authorization server and back, up to the address of the callback.</summary>
        public async Task<Uri> BeginAsync(Uri link)
        {
            using var page = await GetAsync(link);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            using var next = await PostAsync(link);
            Assert.Equal(HttpStatusCode.SeeOther, next.StatusCode);
            using var back = await _http.GetAsync(next.Headers.Location).Soon();
            Assert.True(back.StatusCode == HttpStatusCode.Found, await back.Content.ReadAsStringAsync());
            return back.Headers.Location!;
        }

        public void Dispose()
        {
            _http.Dispose();
        }

        private static Uri AddressOf(ExternalService service)
        {
            using var client = service.Anonymous();
            return client.BaseAddress!;
        }

        private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            if (_cookie is not null)
            {
                request.Headers.Add("Cookie", _cookie);
            }

            var response = await _http.SendAsync(request).Soon();
            if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
            {
                _cookie = cookies.Single().Split(';')[0];
            }

            return response;
        }
    }
}
