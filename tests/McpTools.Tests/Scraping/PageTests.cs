using System.Text;
using JanServer.McpTools.Tests.Search;

namespace JanServer.McpTools.Tests.Scraping;

/// <summary>Pages that are fetched from here.</summary>
public sealed class PageTests
{
    private const string Article = """
        <!doctype html><html lang="de"><head><meta charset="utf-8"><title>About tools | Site</title>
        <meta name="description" content="A text about tools."><meta name="author" content="Ann Author"><meta property="og:site_name" content="The Site">
        <meta property="article:published_time" content="2026-01-01T10:00:00Z"><link rel="canonical" href="/canonical"></head>
        <body><nav><a href="/">Home</a><a href="/more">More</a></nav>
        <article><h1>About tools</h1>
        <p>Tools are what people use to do what their hands alone cannot do, and there are <strong>many</strong> of them in <a href="docs/all.html">every house</a>, as everybody knows who ever moved.</p>
        <h2>Kinds</h2><ul><li>Hammers<ul><li>of steel</li></ul></li><li>Saws</li></ul><ol start="3"><li>third</li><li>fourth</li></ol>
        <p>The second paragraph is long enough to be taken for a part of the article by everybody who looks for one, commas, included, and more, and more.</p>
        <pre><code class="language-csharp">var x = a * b;
        Console.Out.Write(x);</code></pre>
        <table><tr><th>Tool</th><th>Price</th></tr><tr><td>Hammer | big</td><td>10</td></tr></table>
        <blockquote><p>Quoted by somebody who has used tools for all of a long life, and who was never without them.</p></blockquote>
        </article><footer>Imprint and cookies</footer><script>alert("no")</script></body></html>
        """;

    [Fact]
    public async Task An_article_is_told_from_what_is_around_it()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/a", exchange => exchange.AnswerAsync(Article, "text/html; charset=utf-8"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/a#part"));

        var text = answer.GetProperty("text").GetString()!;
        Assert.Equal(host.Url("/a"), answer.GetProperty("source_url").GetString());
        Assert.Contains("About tools", text, StringComparison.Ordinal);
        Assert.Contains("many of them in every house, as everybody", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Imprint", text, StringComparison.Ordinal);
        Assert.DoesNotContain("alert", text, StringComparison.Ordinal);
        Assert.DoesNotContain("**", text, StringComparison.Ordinal);
        Assert.Equal("live", answer.GetProperty("cache_status").GetString());
        Assert.False(answer.GetProperty("truncated").GetBoolean());
        Assert.False(answer.TryGetProperty("markdown", out _));
        var metadata = answer.GetProperty("metadata");
        Assert.StartsWith("About tools", metadata.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.Equal("Ann Author", metadata.GetProperty("byline").GetString());
        Assert.Equal("de", metadata.GetProperty("language").GetString());
        Assert.Equal("The Site", metadata.GetProperty("site_name").GetString());
        Assert.Equal(host.Url("/canonical"), metadata.GetProperty("canonical_url").GetString());
        Assert.Equal("direct", metadata.GetProperty("engine").GetString());
        Assert.Equal("text/html", metadata.GetProperty("content_type").GetString());
        Assert.Equal("JanServer", host.Upstream.Requests.Last().Header("User-Agent"));
    }

    [Theory]
    [InlineData("include_markdown")]
    [InlineData("includeMarkdown")]
    public async Task Markdown_is_there_when_asked_for(string argument)
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/docs/a", exchange => exchange.AnswerAsync(Article, "text/html"));

        var markdown = (await host.AnswerAsync("scrape", host.Scrape("/docs/a", $",\"{argument}\":true"))).GetProperty("markdown").GetString()!;

        Assert.Contains("## Kinds", markdown, StringComparison.Ordinal);
        Assert.Contains($"**many** of them in [every house]({host.Url("/docs/docs/all.html")})", markdown, StringComparison.Ordinal);
        Assert.Contains("- Hammers\n  - of steel\n- Saws", markdown, StringComparison.Ordinal);
        Assert.Contains("3. third\n4. fourth", markdown, StringComparison.Ordinal);
        Assert.Contains("```csharp\nvar x = a * b;\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| Tool | Price |\n| --- | --- |\n| Hammer \\| big | 10 |", markdown, StringComparison.Ordinal);
        Assert.Contains("> Quoted by somebody", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_without_an_article_is_read_whole()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/", exchange => exchange.AnswerAsync(
            """<html><head><title>Example Domain</title><style>x{}</style></head><body><div><h1>Example Domain</h1><p>For use in documents.</p><p><a href="https://iana.org/">More</a></p></div></body></html>""",
            "text/html"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/", ",\"include_markdown\":true"));

        Assert.Equal("Example Domain\n\nFor use in documents.\n\nMore", answer.GetProperty("text").GetString());
        Assert.Equal("# Example Domain\n\nFor use in documents.\n\n[More](https://iana.org/)", answer.GetProperty("markdown").GetString());
    }

    [Fact]
    public async Task The_main_part_is_taken_and_links_that_lead_nowhere_are_text()
    {
        await using var host = await SiteHost.StartAsync();
        var filler = string.Join(' ', Enumerable.Repeat("word", 60));
        host.Upstream.Next("/m", exchange => exchange.AnswerAsync(
            $$"""
            <html><head><base href="/base/"></head><body><div>Accept our cookies</div><main><ul><li><a href="#top">Up</a> <a href="javascript:x()">Run</a> <a href="x (1).html">1</a></li>
            <li><p>{{filler}}</p></li><li><code>a`b</code> 5 * 3 [x] <i> it </i>&lt;b&gt;</li></ul><p>1. not a list<br>next line</p><div hidden>hidden</div><img src="i.png" alt="An image"></main></body></html>
            """,
            "text/html"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/m", ",\"include_markdown\":true"));

        Assert.Equal(
            $"- Up Run [1]({host.Url("/base/x%20%281%29.html")})\n- {filler}\n- `` a`b `` 5 \\* 3 \\[x\\] *it* \\<b>\n\n1\\. not a list\nnext line\n\n![An image]({host.Url("/base/i.png")})",
            answer.GetProperty("markdown").GetString());
        Assert.DoesNotContain("cookies", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", """{"a":[1,2]}""")]
    [InlineData("application/ld+json", """{"a":1}""")]
    [InlineData("text/plain", "plain")]
    [InlineData("application/rss+xml", "<rss><item>new</item></rss>")]
    [InlineData("text/csv", "a,b")]
    public async Task What_is_text_is_returned_as_it_is(string type, string text)
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/t", exchange => exchange.AnswerAsync(text, type));

        Assert.Equal(text, (await host.AnswerAsync("scrape", host.Scrape("/t"))).GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("video/mp4")]
    [InlineData("application/zip")]
    [InlineData("application/octet-stream")]
    public async Task What_is_no_text_is_refused(string type)
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/b", exchange => exchange.BytesAsync(new byte[] { 1, 0, 2, 0 }, type));

        Assert.Contains($"content type {type}", await host.ErrorAsync("scrape", host.Scrape("/b")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html; charset=windows-1251", null, "windows-1251", "Привет, мир")]
    [InlineData("text/html; charset=utf-8", "windows-1251", "utf-8", "Привет, мир")]
    [InlineData("text/html", "shift_jis", "shift_jis", "日本語のページ")]
    [InlineData("text/html", "euc-kr", "euc-kr", "안녕하세요")]
    [InlineData("text/html; charset=\"iso-8859-1\"", null, "windows-1252", "“quoted” – €")]
    [InlineData("text/html", null, "windows-1252", "Müller & Söhne")]
    [InlineData("text/html", null, "utf-8", "Müller & Söhne")]
    [InlineData("text/html; charset=nonsense", null, "utf-8", "Müller")]
    public async Task The_character_set_is_found(string type, string? declared, string used, string text)
    {
        await using var host = await SiteHost.StartAsync();
        var html = $"<html><head>{(declared is null ? "" : $"<meta charset=\"{declared}\">")}</head><body><p>{text.Replace("&", "&amp;", StringComparison.Ordinal)}</p></body></html>";
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(used) ?? Encoding.GetEncoding(used);
        host.Upstream.Next("/c", exchange => exchange.BytesAsync(encoding.GetBytes(html), type));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/c"));

        Assert.Equal(text, answer.GetProperty("text").GetString());
        Assert.Equal(encoding.WebName, answer.GetProperty("metadata").GetProperty("charset").GetString());
    }

    [Fact]
    public async Task A_model_reads_letters_and_not_their_numbers()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/c", exchange => exchange.AnswerAsync("Привет 日本", "text/plain; charset=utf-8"));

        Assert.Contains("Привет 日本", (await host.AnswerAsync("scrape", host.Scrape("/c"))).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_does_not_come_is_not_waited_for()
    {
        await using var host = await SiteHost.StartAsync(("Scraping:BudgetSeconds", "5"), ("Outbound:TimeoutSeconds", "300"));
        host.Upstream.Next("/slow", async exchange =>
        {
            await exchange.RawAsync("<p>the beginning");
            await exchange.StallAsync();
        });

        Assert.Contains("did not answer in time", await host.ErrorAsync("scrape", host.Scrape("/slow")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_too_long_is_cut_and_says_so()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/l", exchange => exchange.AnswerAsync(new string('x', 5000), "text/plain"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/l", ",\"max_chars\":200"));

        Assert.True(answer.GetProperty("truncated").GetBoolean());
        Assert.Equal(new string('x', 200) + "\n\n[Truncated: the first 200 of 5000 characters.]", answer.GetProperty("text").GetString());
        Assert.Equal(new string('x', 500) + "…", answer.GetProperty("text_preview").GetString());
        var whole = await host.AnswerAsync("scrape", host.Scrape("/l"));
        Assert.Equal("hit", whole.GetProperty("cache_status").GetString());
        Assert.Equal(5000, whole.GetProperty("text").GetString()!.Length);
        Assert.False(whole.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task A_page_that_is_too_large_is_cut_off()
    {
        await using var host = await SiteHost.StartAsync(("Scraping:MaxBytes", "16384"));
        host.Upstream.Next("/l", exchange => exchange.AnswerAsync(string.Concat(Enumerable.Repeat("<p>paragraph</p>\n", 2000)), "text/html"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/l"));

        Assert.True(answer.GetProperty("truncated").GetBoolean());
        Assert.EndsWith("[Truncated: the page is longer than what was read of it.]", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "status 404")]
    [InlineData(500, "status 500")]
    public async Task A_status_that_is_no_success_is_told(int status, string told)
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/s", exchange => exchange.AnswerAsync("<p>secret inside</p>", "text/html", status));

        var error = await host.ErrorAsync("scrape", host.Scrape("/s"));

        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret inside", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_page_is_an_error()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/e", exchange => exchange.AnswerAsync("<html><body><script>app()</script></body></html>", "text/html"));

        Assert.Contains("has no text", await host.ErrorAsync("scrape", host.Scrape("/e")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_nests_without_end_is_read_like_any_other()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/deep", exchange => exchange.AnswerAsync(
            string.Concat(Enumerable.Repeat("<div><b><ul><li><blockquote>", 400)) + "the bottom of it all", "text/html"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/deep", ",\"include_markdown\":true"));

        Assert.Contains("the bottom of it all", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_takes_too_long_is_given_up_and_its_place_is_free_again()
    {
        await using var host = await SiteHost.StartAsync(("Scraping:HtmlSeconds", "3"), ("Scraping:MaxConcurrentReads", "1"));
        host.Upstream.Next("/slow", exchange => exchange.AnswerAsync(string.Concat(Enumerable.Repeat("<div><b><i>", 250_000)), "text/html"));
        host.Upstream.Next("/next", exchange => exchange.AnswerAsync("<p>next</p>", "text/html"));

        Assert.Contains("takes too long", await host.ErrorAsync("scrape", host.Scrape("/slow")), StringComparison.Ordinal);
        Assert.Equal("next", (await host.AnswerAsync("scrape", host.Scrape("/next"))).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_page_is_kept_and_served_again_later_and_offline()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/k", exchange => exchange.AnswerAsync("kept text", "text/plain"));
        host.Upstream.Next("/k", exchange => exchange.AnswerAsync("", "text/plain", 503));

        Assert.Contains("offline", await host.ErrorAsync("scrape", host.Scrape("/k", ",\"offline_mode\":true")), StringComparison.Ordinal);
        Assert.Equal("live", await StatusAsync(host, ""));
        Assert.Equal("hit", await StatusAsync(host, ""));
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("offline", await StatusAsync(host, ",\"offline_mode\":true"));
        Assert.Equal("stale", await StatusAsync(host, ""));
        Assert.Equal(2, host.Pages().Count());
    }

    private static async Task<string?> StatusAsync(ToolHost host, string more) =>
        (await host.AnswerAsync("scrape", host.Scrape("/k", more))).GetProperty("cache_status").GetString();
}
