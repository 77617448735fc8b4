using JanServer.McpTools.Search.Providers;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>Makes a page of what a server sent.</summary>
internal sealed partial class PageReader(ReadingThreads threads, IOptions<ScrapeOptions> options, TimeProvider clock, ILogger<PageReader> logger)
{
    // What part of the time for a page is for finding its article.
    private const int ArticlePart = 3;

    // How long a PDF's last page may go on.
    private static readonly TimeSpan PdfGrace = TimeSpan.FromSeconds(5);

    /// <summary>One of the two is not null.</summary>
    public async Task<(Page? Page, ProviderFailure? Failure)> ReadAsync(OutboundResponse response, bool markdown, CancellationToken ct)
    {
        try
        {
            return ContentKinds.Of(response.ContentType, response.Body.Span) switch
            {
                ContentKind.Html => Fit(await ReadHtmlAsync(response, markdown, ct), response),
                ContentKind.Text => Fit(ReadText(response), response),
                ContentKind.Pdf when response.IsTruncated => Failed($"is a PDF of more than {options.Value.MaxBytes >> 20} MiB"),
                ContentKind.Pdf => await ReadPdfAsync(response, ct),
                _ => Failed($"is of content type {TypeName(response.ContentType)}, which is not read; HTML, text, JSON, XML and PDF are"),
            };
        }
        catch (TimeoutException)
        {
            return (null, new(ProviderFailureReason.TimedOut) { Detail = "takes too long to take apart" });
        }

        // A document from anywhere makes a parser throw whatever its code meets.
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Unreadable(logger, exception, response.Url.Host);
            return Failed("cannot be read");
        }
    }

    private async Task<Page> ReadHtmlAsync(OutboundResponse response, bool markdown, CancellationToken ct)
    {
        var (html, charset) = TextDecoder.Decode(response.Body.Span, response.Charset);
        var limit = TimeSpan.FromSeconds(options.Value.HtmlSeconds);
        var page = await threads.RunAsync(inner => HtmlReader.ReadAsync(html, response.Url, markdown, limit / ArticlePart, inner), limit, ct);
        return page with { Metadata = page.Metadata with { Charset = charset } };
    }

    private static Page ReadText(OutboundResponse response)
    {
        var (text, charset) = TextDecoder.Decode(response.Body.Span, response.Charset);
        return new(text.ReplaceLineEndings("\n").Trim(), new PageMetadata { Charset = charset });
    }

    private async Task<(Page? Page, ProviderFailure? Failure)> ReadPdfAsync(OutboundResponse response, CancellationToken ct)
    {
        var limit = TimeSpan.FromSeconds(options.Value.PdfSeconds);
        var start = clock.GetTimestamp();
        var (page, error) = await threads.RunAsync(
            inner => Task.FromResult(PdfReader.Read(
                response.Body, options.Value.MaxPdfPages, () => inner.IsCancellationRequested || clock.GetElapsedTime(start) > limit)),
            limit + PdfGrace,
            ct);
        return page is null ? Failed(error!)
            : page.Text.Length == 0 ? Failed("is a PDF without text; it may consist of scanned pages")
            : Fit(page, response);
    }

    private static (Page? Page, ProviderFailure? Failure) Fit(Page page, OutboundResponse response) =>
        page.Text.Length == 0
            ? (null, new(ProviderFailureReason.Empty) { Detail = "has no text" })
            : (page with
            {
                IsTruncated = page.IsTruncated || response.IsTruncated,
                Metadata = page.Metadata with
                {
                    Engine = ProviderNames.Direct,
                    FinalUrl = response.Url.AbsoluteUri,
                    ContentType = response.ContentType,
                },
            }, null);

    private static (Page? Page, ProviderFailure? Failure) Failed(string detail) =>
        (null, new(ProviderFailureReason.Unreadable) { Detail = detail });

    // The type is the server's own text.
    private static string TypeName(string? type) =>
        type is { Length: > 0 and <= 100 } && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '+' or '-' or '.') ? type : "unknown";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A document of {Host} could not be read")]
        public static partial void Unreadable(ILogger logger, Exception exception, string host);
    }
}
