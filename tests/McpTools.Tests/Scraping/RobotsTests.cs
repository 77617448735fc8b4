using JanServer.McpTools.Scraping.Robots;

namespace JanServer.McpTools.Tests.Scraping;

public sealed class RobotsTests
{
    [Theory]

    // RFC 9309 section 5.1: groups, the agent's own before everybody's.
    [InlineData("User-agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/", "/example/page", false)]
    [InlineData("User-agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/", "/a.gif", false)]
    [InlineData("User-agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/", "/a.gif?x", true)]
    [InlineData("User-agent: *\nDisallow: /\n\nUser-agent: janserver\nDisallow: /private", "/page", true)]
    [InlineData("User-agent: *\nAllow: /\n\nUser-agent: JanServer/1.0\nDisallow: /", "/page", false)]
    [InlineData("User-agent: foobot\nUser-agent: janserver\nDisallow: /\nUser-agent: x\nAllow: /", "/page", false)]
    [InlineData("User-agent: foobot\nDisallow: /", "/page", true)]
    [InlineData("User-agent: janserverbot\nDisallow: /", "/page", true)]
    [InlineData("User-agent: janserver\nDisallow: /a\nUser-agent: other\nDisallow: /c\nUser-agent: janserver\nDisallow: /b", "/b", false)]
    [InlineData("User-agent: janserver\nDisallow:\n\nUser-agent: *\nDisallow: /", "/page", true)]

    // Section 5.2: the longest match; of equals the one that allows.
    [InlineData("User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", false)]
    [InlineData("User-agent: *\nAllow: /page\nDisallow: /page", "/page", true)]
    [InlineData("User-agent: *\nDisallow: /\nAllow: /$", "/", true)]
    [InlineData("User-agent: *\nDisallow: /\nAllow: /$", "/x", false)]
    [InlineData("User-agent: *\nDisallow: /*/secret*/x", "/a/b/secret1/x/y", false)]
    [InlineData("User-agent: *\nDisallow: /*/secret*/x", "/a/b/secret1/y", true)]

    // Section 2.2.2: one spelling.
    [InlineData("User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", false)]
    [InlineData("User-agent: *\nDisallow: /foo/bar/%e3%83%84", "/foo/bar/ツ", false)]
    [InlineData("User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false)]
    [InlineData("User-agent: *\nDisallow: /a%2Fb", "/a/b", true)]

    // Rules are case-sensitive, keys are not; comments, other lines and line ends of all kinds.
    [InlineData("USER-AGENT : * # all\r\nDISALLOW : /X # not this\rSitemap: https://x/\n", "/X", false)]
    [InlineData("USER-AGENT : * # all\r\nDISALLOW : /X # not this\r", "/x", true)]
    [InlineData("User-agent: a\nCrawl-delay: 3\nUser-agent: janserver\nDisallow: /", "/p", false)]
    [InlineData("\uFEFFUser-agent: *\nDisallow: /", "/p", false)]
    [InlineData("Disallow: /", "/p", true)]
    [InlineData("User-agent: *\nDisallow: p", "/p", true)]
    [InlineData("<html>not found</html>", "/p", true)]
    [InlineData("User-agent: *\nDisallow: /", "/robots.txt", true)]
    public void Rules_are_read_as_the_RFC_says(string file, string path, bool allowed) =>
        Assert.Equal(allowed, RobotsFile.Parse(file, "JanServer").Allows(new("https://site.example" + path)));

    [Fact]
    public void A_pattern_of_stars_takes_no_time()
    {
        var rules = RobotsFile.Parse($"User-agent: *\nDisallow: /{string.Concat(Enumerable.Repeat("*a", 1000))}", "JanServer");

        Assert.True(rules.Allows(new("https://site.example/" + new string('a', 900))));
    }

    [Fact]
    public async Task A_page_that_a_site_keeps_from_programs_is_read_by_nobody()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Always("/robots.txt", exchange => exchange.AnswerAsync("User-agent: *\nDisallow: /private", "text/plain"));
        host.Upstream.Next("/public", exchange => exchange.AnswerAsync("for all", "text/plain"));

        Assert.Contains("robots.txt", await host.ErrorAsync("scrape", host.Scrape("/private/page")), StringComparison.Ordinal);
        Assert.Equal("for all", (await host.AnswerAsync("scrape", host.Scrape("/public"))).GetProperty("text").GetString());
        Assert.Equal(["/robots.txt", "/public"], host.Paths);
    }

    [Fact]
    public async Task The_operator_may_not_ask()
    {
        await using var host = await SiteHost.StartAsync(("Scraping:ObeyRobots", "false"));
        host.Upstream.Next("/private", exchange => exchange.AnswerAsync("read", "text/plain"));

        await host.AnswerAsync("scrape", host.Scrape("/private"));

        Assert.Equal(["/private"], host.Paths);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task A_file_that_cannot_be_had_forbids_everything_and_is_asked_for_again_soon(int status)
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Always("/robots.txt", exchange => exchange.AnswerAsync("", "text/plain", status));

        Assert.Contains("robots.txt of its site could not be had", await host.ErrorAsync("scrape", host.Scrape("/p")), StringComparison.Ordinal);
        Assert.Contains("robots.txt of its site could not be had", await host.ErrorAsync("scrape", host.Scrape("/p")), StringComparison.Ordinal);
        Assert.Equal(["/robots.txt"], host.Paths);
    }

    [Fact]
    public async Task The_page_behind_a_redirect_has_rules_of_its_own()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Always("/robots.txt", exchange => exchange.AnswerAsync("User-agent: *\nDisallow: /private", "text/plain"));
        host.Upstream.Next("/r", exchange => exchange.RedirectAsync("/private"));
        host.Upstream.Next("/private", exchange => exchange.AnswerAsync("hidden", "text/plain"));

        var error = await host.ErrorAsync("scrape", host.Scrape("/r"));

        Assert.Contains("robots.txt", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error, StringComparison.Ordinal);
    }
}
