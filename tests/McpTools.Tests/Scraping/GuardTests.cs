using System.Net;

namespace JanServer.McpTools.Tests.Scraping;

/// <summary>Ways to make the tool ask our own network, or tell others of it. The upstream would answer each of them.</summary>
public sealed class GuardTests
{
    // Every company that would fetch the page for us has a key, and none may be asked.
    private static readonly (string, string)[] Companies = [("SERPER_API_KEY", "k"), ("EXA_API_KEY", "k"), ("TAVILY_API_KEY", "k")];

    [Theory]
    [InlineData("http://127.0.0.1:{port}/")]
    [InlineData("http://127.1:{port}/")]
    [InlineData("http://2130706433:{port}/")]
    [InlineData("http://0x7f000001:{port}/")]
    [InlineData("http://0177.0.0.1:{port}/")]
    [InlineData("http://017700000001:{port}/")]
    [InlineData("http://0.0.0.0:{port}/")]
    [InlineData("http://[::1]:{port}/")]
    [InlineData("http://[::]:{port}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/")]
    [InlineData("http://[64:ff9b::7f00:1]:{port}/")]
    [InlineData("http://[fe80::1]:{port}/")]
    [InlineData("http://[fd00::1]:{port}/")]
    [InlineData("http://①②⑦.⓪.⓪.①:{port}/")]
    [InlineData("http://localhost:{port}/")]
    [InlineData("http://unknown.test:{port}/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/iam/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://168.63.129.16/")]
    public async Task No_spelling_of_a_private_address_is_asked_for_by_anybody(string url)
    {
        await using var host = await SiteHost.StartAsync(Companies);

        var error = await host.ErrorAsync("scrape", $$"""{"url":"{{url.Replace("{port}", $"{host.Upstream.BaseAddress.Port}", StringComparison.Ordinal)}}"}""");

        Assert.Contains("may not be reached", error, StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:6379/_INFO")]
    [InlineData("ftp://public.example/x")]
    [InlineData("ws://public.example/")]
    [InlineData("data:text/html,x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://user:password@public.example/")]
    [InlineData("http://public.example@127.0.0.1/")]
    [InlineData("https://127.0.0.1%2f@public.example/")]
    public async Task Only_http_without_credentials_is_read(string url)
    {
        await using var host = await SiteHost.StartAsync(SiteHost.Names, Companies);

        Assert.Contains("http:// or https://", await host.ErrorAsync("scrape", $$"""{"url":"{{url}}"}"""), StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("http://")]
    [InlineData("http:// public.example/")]
    [InlineData("nonsense")]
    public async Task What_is_no_URL_is_refused(string url)
    {
        await using var host = await SiteHost.StartAsync(SiteHost.Names, Companies);

        Assert.StartsWith("'url' must", await host.ErrorAsync("scrape", $$"""{"url":"{{url}}"}"""), StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
    }

    [Theory]
    [InlineData("http://public.example:22/")]
    [InlineData("http://public.example:6379/")]
    [InlineData("https://public.example:25/")]
    public async Task Only_web_ports_are_asked(string url)
    {
        await using var host = await SiteHost.StartAsync(SiteHost.Names, Companies);

        Assert.Contains("port", await host.ErrorAsync("scrape", $$"""{"url":"{{url}}"}"""), StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}/secret", "may not be reached")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/secret", "may not be reached")]
    [InlineData("//2130706433:{port}/secret", "may not be reached")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "may not be reached")]
    [InlineData("http://site.test:6379/", "redirects too often or to where it may not")]
    [InlineData("file:///etc/passwd", "is no URL that may be read")]
    [InlineData("gopher://site.test:{port}/", "is no URL that may be read")]
    public async Task A_redirect_into_our_network_is_not_followed(string location, string said)
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/r", exchange => exchange.RedirectAsync(
            location.Replace("{port}", $"{host.Upstream.BaseAddress.Port}", StringComparison.Ordinal)));

        Assert.Contains(said, await host.ErrorAsync("scrape", host.Scrape("/r")), StringComparison.Ordinal);
        Assert.Equal(["/r"], host.Pages());
    }

    [Fact]
    public async Task A_redirect_to_where_it_may_go_is_followed()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/r", exchange => exchange.RedirectAsync(host.Url("/target", "other.test")));
        host.Upstream.Next("/target", exchange => exchange.AnswerAsync("moved", "text/plain"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/r"));

        Assert.Equal(host.Url("/r"), answer.GetProperty("source_url").GetString());
        Assert.Equal(host.Url("/target", "other.test"), answer.GetProperty("metadata").GetProperty("final_url").GetString());
    }

    [Fact]
    public async Task A_name_that_changes_its_address_between_check_and_use_is_not_reached()
    {
        await using var host = await SiteHost.StartAsync(SiteHost.PublicOnce(), ("Scraping:ObeyRobots", "false"));

        var error = await host.ErrorAsync("scrape", $$"""{"url":"{{host.Url("/rebound", "rebind.example")}}"}""");

        Assert.Contains("may not be reached", error, StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
    }

    [Fact]
    public async Task A_name_with_a_public_and_a_private_address_is_refused()
    {
        await using var host = await SiteHost.StartAsync(
            (_, _) => Task.FromResult<IPAddress[]>([SiteHost.PublicAddress, IPAddress.Parse("10.0.0.1")]), Companies);

        Assert.Contains("may not be reached", await host.ErrorAsync("scrape", """{"url":"http://two.example/"}"""), StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
    }

    [Fact]
    public async Task A_private_host_that_the_operator_allows_is_read_from_here_and_told_to_nobody()
    {
        await using var host = await SiteHost.StartAsync(Companies);
        host.Upstream.Next("/wiki", exchange => exchange.AnswerAsync("internal page", "text/plain"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/wiki"));

        Assert.Equal("internal page", answer.GetProperty("text").GetString());
        Assert.Equal("direct", answer.GetProperty("metadata").GetProperty("engine").GetString());
        Assert.Equal(["/wiki"], host.Pages());
    }
}
