using System.Net;

namespace JanServer.LocalOrchestrator.Tests.Dashboard;

public sealed class AccessTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly DashboardRun _run = new();

    public Task InitializeAsync() => _run.StartAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard.js")]
    [InlineData("/api/resources")]
    [InlineData("/api/resources/events")]
    [InlineData("/api/resources/anything")]
    [InlineData("/api/logs/events")]
    [InlineData("/nowhere")]
    public async Task Without_the_token_there_is_nothing_to_see(string path)
    {
        using var answer = await _run.NewBrowser().GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Whoever_comes_without_a_token_can_enter_it()
    {
        var browser = _run.NewBrowser();
        Assert.Contains("<form method=\"post\" action=\"/login\">", await (await browser.GetAsync(_run.Address)).Content.ReadAsStringAsync());

        using var form = new FormUrlEncodedContent([new("t", _run.Token)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/login", UriKind.Relative)) { Content = form };
        request.Headers.Add("Origin", _run.Address.GetLeftPart(UriPartial.Authority));
        using var login = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri("/api/resources", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task The_printed_link_logs_in_with_a_cookie_that_no_script_and_no_other_site_gets()
    {
        var browser = _run.NewBrowser();
        using var login = await browser.GetAsync(_run.Link);
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));

        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("/dashboard.js", await browser.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task A_wrong_token_logs_nobody_in(string token)
    {
        using var answer = await _run.NewBrowser().GetAsync(new Uri($"/login?t={token}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("attacker.example")]
    [InlineData("localhost.attacker.example:18888")]
    [InlineData("0.0.0.0")]
    public async Task Another_host_name_is_refused_even_with_the_token(string host)
    {
        var browser = await _run.LoggedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/resources", UriKind.Relative));
        request.Headers.Host = host;
        using var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://attacker.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Another_site_is_refused_even_with_the_cookie(string header, string value)
    {
        var browser = await _run.LoggedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/resources", UriKind.Relative));
        request.Headers.Add(header, value);
        using var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_page_can_load_nothing_from_elsewhere_and_stand_in_no_frame()
    {
        using var answer = await _run.NewBrowser().GetAsync(new Uri("/login", UriKind.Relative));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dashboard.css", "text/css")]
    [InlineData("dashboard.js", "text/javascript")]
    [InlineData("details-view.js", "text/javascript")]
    [InlineData("elements.js", "text/javascript")]
    [InlineData("log-view.js", "text/javascript")]
    [InlineData("icon.svg", "image/svg+xml")]
    public async Task Everything_that_the_page_loads_is_there(string name, string type)
    {
        var browser = await _run.LoggedInAsync();
        using var answer = await browser.GetAsync(new Uri("/" + name, UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
    }
}
