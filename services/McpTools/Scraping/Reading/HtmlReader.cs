using System.Globalization;
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

    // Finding the article takes time in proportion to the square of the elements; what is larger would not be done in time.
    private const int MaxElements = 8000;

    // Less than this is a teaser or a cookie notice, not what the page is about.
    private const int MinArticleChars = 200;

    /// <summary>Reads a page.</summary>
    /// <param name="html">Its source.</param>
    /// <param name="url">Where it came from.</param>
    /// <param name="markdown">Whether as Markdown too.</param>
    /// <param name="articleTime">How long an article is looked for, before the whole body is taken.</param>
    /// <param name="ct">Ends it early.</param>
    public static async Task<Page> ReadAsync(string html, Uri url, bool markdown, TimeSpan articleTime, CancellationToken ct)
    {
        var isCut = html.Length > MaxChars;
        html = isCut ? html[..MaxChars] : html;
        using var document = Parse(html, ct);
        var baseUrl = BaseOf(document, url);
        var metadata = Describe(document, baseUrl);
        var article = document.All.Length <= MaxElements ? await ArticleOfAsync(document, url, articleTime, ct) : null;

        // Finding the article takes the document apart, so what needs the whole of it begins again.
        using var body = Parse(article?.Content ?? html, ct);
        var root = article is null ? MainPart(body) : body.Body!;
        metadata = article is null ? metadata : With(metadata, article);
        return new(WithTitle(HtmlText.Of(root, baseUrl, markdown: false, ct), metadata.Title, ""), metadata)
        {
            Markdown = markdown ? WithTitle(HtmlText.Of(root, baseUrl, markdown: true, ct), metadata.Title, "# ") : null,
            IsTruncated = isCut,
        };
    }

    // The parser takes no token, and a page of nothing but open elements takes it time in proportion to their square.
    private static IHtmlDocument Parse(string html, CancellationToken ct) =>
        new HtmlParser(new HtmlParserOptions { MaximumDepth = MaxDepth, OnCreated = (_, _) => ct.ThrowIfCancellationRequested() })
            .ParseDocument(html);

    // Cancelled, it says that it found no article.
    private static async Task<Article?> ArticleOfAsync(IHtmlDocument document, Uri url, TimeSpan time, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(time);
        using var reader = new Reader(url.AbsoluteUri, document) { MaxElemsToParse = MaxElements, KeepClasses = true };
        var article = await reader.GetArticleAsync(deadline.Token);
        ct.ThrowIfCancellationRequested();
        return article is { Completed: true, IsReadable: true, Length: >= MinArticleChars } ? article : null;
    }

    private static PageMetadata With(PageMetadata metadata, Article article) => metadata with
    {
        Title = Plain(article.Title) ?? metadata.Title,
        Byline = Plain(article.Byline) ?? Plain(article.Author) ?? metadata.Byline,
        SiteName = Plain(article.SiteName) ?? metadata.SiteName,
        Language = metadata.Language ?? Plain(article.Language),
        PublishedDate = article.PublicationDate?.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) ?? metadata.PublishedDate,
    };

    // What the page itself calls its main part, unless that is next to nothing.
    private static IElement MainPart(IHtmlDocument document) =>
        document.QuerySelector("main, [role=main]") is { TextContent.Length: >= MinArticleChars } main ? main : document.Body!;

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
