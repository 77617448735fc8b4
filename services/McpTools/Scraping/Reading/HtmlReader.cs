using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SmartReader;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>Finds the article of an HTML page; of a page that has none it takes the whole body.</summary>
internal static class HtmlReader
{
    // Deeper elements become siblings, so that nobody who walks the tree runs out of stack.
    private const int MaxDepth = 256;
    private const int MaxChars = 3 << 20;

    // Finding the article takes time in proportion to elements and depth; what is larger is no article.
    private const int MaxElements = 60_000;

    // Less than this is a teaser or a cookie notice, not what the page is about.
    private const int MinArticleChars = 200;

    private static readonly HtmlParserOptions ParserOptions = new() { MaximumDepth = MaxDepth };

    public static Page Read(string html, Uri url, bool markdown, CancellationToken ct)
    {
        var isCut = html.Length > MaxChars;
        html = isCut ? html[..MaxChars] : html;
        using var document = Parse(html);
        var baseUrl = BaseOf(document, url);
        var metadata = Describe(document, baseUrl);
        var article = document.All.Length <= MaxElements ? ArticleOf(document, url) : null;
        ct.ThrowIfCancellationRequested();

        // Finding the article takes the document apart, so what needs the whole of it begins again.
        using var body = Parse(article?.Content ?? html);
        var title = article?.Title is { Length: > 0 } found ? found : metadata.Title;
        return new(WithTitle(HtmlText.Of(body.Body!, baseUrl, markdown: false), title, ""), metadata with
        {
            Title = title,
            Byline = Plain(article?.Byline) ?? Plain(article?.Author) ?? metadata.Byline,
            SiteName = Plain(article?.SiteName) ?? metadata.SiteName,
            Language = metadata.Language ?? Plain(article?.Language),
            PublishedDate = article?.PublicationDate is { } date ? date.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) : metadata.PublishedDate,
        })
        {
            Markdown = markdown ? WithTitle(HtmlText.Of(body.Body!, baseUrl, markdown: true), title, "# ") : null,
            IsTruncated = isCut,
        };
    }

    private static IHtmlDocument Parse(string html) => new HtmlParser(ParserOptions).ParseDocument(html);

    private static Article? ArticleOf(IHtmlDocument document, Uri url)
    {
        using var reader = new Reader(url.AbsoluteUri, document) { MaxElemsToParse = MaxElements };
        return reader.GetArticle() is { IsReadable: true, Length: >= MinArticleChars } article ? article : null;
    }

    // Where its links lead from: <base href> may say so, but not out of the web.
    private static Uri BaseOf(IHtmlDocument document, Uri url) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { } href && Uri.TryCreate(url, href, out var found)
            && (found.Scheme == Uri.UriSchemeHttp || found.Scheme == Uri.UriSchemeHttps) ? found : url;

    private static PageMetadata Describe(IHtmlDocument document, Uri baseUrl) => new()
    {
        Title = Plain(document.Title) ?? Meta(document, "og:title"),
        Byline = Meta(document, "author"),
        SiteName = Meta(document, "og:site_name"),
        Description = Meta(document, "description") ?? Meta(document, "og:description"),
        Language = Plain(document.DocumentElement?.GetAttribute("lang")),
        CanonicalUrl = Uri.TryCreate(baseUrl, document.QuerySelector("link[rel=canonical]")?.GetAttribute("href") ?? "", out var canonical)
            && document.QuerySelector("link[rel=canonical]") is not null ? canonical.AbsoluteUri : null,
        PublishedDate = Meta(document, "article:published_time"),
    };

    private static string? Meta(IHtmlDocument document, string name) =>
        Plain((document.QuerySelector($"meta[name='{name}']") ?? document.QuerySelector($"meta[property='{name}']"))?.GetAttribute("content"));

    private static string? Plain(string? text) => string.IsNullOrWhiteSpace(text) ? null : Search.Providers.Excerpt.Of(text.Trim(), 1000);

    // The article leaves out a heading that repeats the title.
    private static string WithTitle(string text, string? title, string mark) =>
        string.IsNullOrEmpty(title) || text.AsSpan(0, Math.Min(text.Length, title.Length + 200)).Contains(title, StringComparison.OrdinalIgnoreCase)
            ? text
            : $"{mark}{title}\n\n{text}".TrimEnd();
}
