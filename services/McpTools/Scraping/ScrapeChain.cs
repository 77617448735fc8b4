using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Scraping.Robots;
using JanServer.McpTools.Scraping.Sources;
using JanServer.McpTools.Search;
using JanServer.McpTools.Search.Providers;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace JanServer.McpTools.Scraping;

/// <summary>
/// Reads a page by whoever can, within the budget of the call. Before anybody is asked, the URL's host must be one that may be reached and
/// its robots.txt must not forbid the page; a host of a private network is told to nobody.
/// </summary>
internal sealed class ScrapeChain(
    IEnumerable<IPageSource> sources, OutboundGuard guard, RobotsGate robots, IOptions<ScrapeOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan GuardTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Those that can be asked, in order.</summary>
    public IReadOnlyList<IPageSource> Sources { get; } =
    [
        .. options.Value.Sequence.Select(name => sources.FirstOrDefault(source => source.Name == name)).OfType<IPageSource>()
            .Where(source => source.IsConfigured),
    ];

    /// <summary>Whether the URL may be read at all, and by whom; what forbids it in a sentence for the model.</summary>
    public async Task<(IReadOnlyList<IPageSource> Sources, string? Refusal)> AdmitAsync(Uri url, CancellationToken ct)
    {
        if (await ReachOfAsync(url, ct) is var reach && reach == OutboundReach.BadUrl)
        {
            return ([], "'url' must begin with http:// or https:// and carry no user or password.");
        }

        if (!options.Value.AllowsPort(url))
        {
            return ([], $"The port {url.Port} of the URL is not one that pages are read from.");
        }

        return reach switch
        {
            OutboundReach.Internet => (Sources, null),
            OutboundReach.Allowed => ([.. Sources.Where(source => source.Name == ProviderNames.Direct)], null),
            _ => ([], "The host of the URL is unknown, or its address may not be reached from this server."),
        };
    }

    /// <summary>The page; without one, why not in a sentence for the model.</summary>
    public async Task<(Page? Page, string? Error)> RunAsync(
        ScrapeRequest request, IReadOnlyList<IPageSource> admitted, IProgress<ProgressNotificationValue>? progress, CancellationToken ct)
    {
        var end = clock.GetUtcNow() + options.Value.Budget;
        var verdict = await robots.JudgeAsync(request.Url, ct);
        if (verdict == RobotsVerdict.Forbidden)
        {
            return (null, "The page was not read: the robots.txt of its site forbids it to programs such as this one.");
        }

        var tried = new List<ProviderOutcome>();
        foreach (var source in admitted)
        {
            progress.Asking(source.Name, tried.Count, admitted.Count);
            var share = (end - clock.GetUtcNow()) / (admitted.Count - tried.Count);
            var (page, failure) =
                source.Name == ProviderNames.Direct && verdict == RobotsVerdict.Unknown ? (null, NoRobots)
                : share > TimeSpan.Zero ? await source.ReadAsync(request.Url, request.Markdown, share, ct)
                : (null, OutOfTime);
            if (page is not null)
            {
                return (tried.Count == 0 ? page : page with { Metadata = page.Metadata with { ProvidersTried = tried } }, null);
            }

            tried.Add(new(source.Name, failure!.Describe()));
        }

        return (null, Failure(tried));
    }

    private static ProviderFailure NoRobots { get; } = new(ProviderFailureReason.Forbidden)
    {
        Detail = "was not read: the robots.txt of its site could not be had, which counts as forbidding it",
    };

    private static ProviderFailure OutOfTime { get; } = new(ProviderFailureReason.TimedOut) { Detail = "was not asked, the time was up" };

    private async Task<OutboundReach> ReachOfAsync(Uri url, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(GuardTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await guard.ReachOfAsync(url, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return OutboundReach.Refused;
        }
    }

    private static string Failure(List<ProviderOutcome> tried) =>
        tried.Count == 0
            ? "The page was not read: no source that may read it is configured (Scraping:Order)."
            : $"The page was not read. {string.Join("; ", tried.Select(Describe))}.";

    private static string Describe(ProviderOutcome tried) =>
        $"{(tried.Provider == ProviderNames.Direct ? "the page" : tried.Provider)} {tried.Outcome}";
}
