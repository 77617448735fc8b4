using System.Globalization;
using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Search.Providers;
using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Scraping;

/// <summary><c>scrape</c>: one page of the web as text.</summary>
internal sealed class ScrapeTool(
    ScrapeChain chain, AnswerCache cache, ProviderMetrics metrics, IOptions<ScrapeOptions> options, TimeProvider clock) : ITool
{
    private const string Operation = "scrape";

    public Tool Definition { get; } = ScrapeDefinition.Create();

    public string? Unavailable => chain.Sources.Count == 0
        ? "none of the sources in Scraping:Order is configured. 'direct' needs no key."
        : null;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var (request, error) = ScrapeRequest.Read(call.Arguments, options.Value);
        if (request is null)
        {
            return ToolResults.Error(error!);
        }

        var (answer, failure) = await AnswerAsync(request, call.Progress, ct);
        metrics.Answered(Operation, answer?.CacheStatus ?? CacheStatus.None);
        return answer is null ? ToolResults.Error(failure!) : ToolResults.Of(answer, ScrapeJson.Readable.ScrapeAnswer);
    }

    private async Task<(ScrapeAnswer? Answer, string? Error)> AnswerAsync(
        ScrapeRequest request, IProgress<ProgressNotificationValue>? progress, CancellationToken ct)
    {
        var sourceNames = string.Join(',', chain.Sources.Select(source => source.Name));
        var key = AnswerCache.Key(Operation, [request.Url.AbsoluteUri, $"{request.Markdown}", $"{options.Value.ObeyRobots}", sourceNames]);
        if (request.Offline)
        {
            return await cache.FindAsync(key, ScrapeJson.Default.KeptPage, ct) is { } any
                ? (Answer(request, any.Value, CacheStatus.Offline), null)
                : (null, "scrape is offline, and the page is not in its cache.");
        }

        var (sources, refusal) = await chain.AdmitAsync(request.Url, ct);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var kept = await cache.FindAsync(key, ScrapeJson.Default.KeptPage, ct);
        if (kept is { } hit && hit.Age <= options.Value.Fresh)
        {
            return (Answer(request, hit.Value, CacheStatus.Hit), null);
        }

        var (page, error) = await chain.RunAsync(request, sources, progress, ct);
        if (page is null)
        {
            return kept is { } old ? (Answer(request, old.Value, CacheStatus.Stale), null) : (null, error);
        }

        var fetched = new KeptPage(Shorten(page), clock.GetUtcNow());
        await cache.StoreAsync(key, fetched, ScrapeJson.Default.KeptPage, options.Value.Kept, ct);
        return (Answer(request, fetched, CacheStatus.Live), null);
    }

    private Page Shorten(Page page) => page with
    {
        Text = Excerpt.Beginning(page.Text, options.Value.MaxTextChars),
        Markdown = page.Markdown is { } markdown ? Excerpt.Beginning(markdown, options.Value.MaxTextChars) : null,
        TotalChars = page.Text.Length,
        IsTruncated = page.IsTruncated || page.Text.Length > options.Value.MaxTextChars || page.Markdown?.Length > options.Value.MaxTextChars,
    };

    private ScrapeAnswer Answer(ScrapeRequest request, KeptPage kept, string cacheStatus)
    {
        var page = kept.Page;
        var text = Excerpt.Beginning(page.Text, request.MaxChars);
        var markdown = page.Markdown is { } whole ? Excerpt.Beginning(whole, request.MaxChars) : null;
        var isTruncated = page.IsTruncated || text.Length < page.Text.Length || markdown?.Length < page.Markdown?.Length;
        var notice = isTruncated ? Notice(text.Length, page) : "";
        return new()
        {
            SourceUrl = request.Url.AbsoluteUri,
            Text = text + notice,
            TextPreview = Excerpt.Of(page.Text, options.Value.MaxPreviewChars),
            Markdown = markdown is null ? null : markdown + notice,
            Truncated = isTruncated,
            Metadata = page.Metadata,
            CacheStatus = cacheStatus,
            FetchedAt = kept.FetchedAt,
        };
    }

    private static string Notice(int shown, Page page) =>
        shown < page.TotalChars
            ? string.Create(CultureInfo.InvariantCulture, $"\n\n[Truncated: the first {shown} of {page.TotalChars} characters.]")
            : "\n\n[Truncated: the page is longer than what was read of it.]";
}
