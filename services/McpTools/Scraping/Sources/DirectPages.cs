using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Scraping.Robots;
using JanServer.McpTools.Search.Providers;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping.Sources;

/// <summary>Fetches pages from here, through the guarded client.</summary>
internal sealed class DirectPages(
    OutboundClient outbound, RobotsGate robots, PageReader reader, IOptions<ScrapeOptions> options, TimeProvider clock) : IPageSource
{
    private static readonly KeyValuePair<string, string>[] Headers =
        [new("Accept", "text/html,application/xhtml+xml,application/json,application/xml,application/pdf,text/*;q=0.9,*/*;q=0.1")];

    public string Name => ProviderNames.Direct;

    public bool IsConfigured => true;

    public async Task<(Page? Page, ProviderFailure? Failure)> ReadAsync(Uri url, bool markdown, TimeSpan budget, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(budget, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return await FetchAsync(url, markdown, budget, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, Failure(OutboundFailure.TimedOut));
        }
    }

    private async Task<(Page? Page, ProviderFailure? Failure)> FetchAsync(Uri url, bool markdown, TimeSpan budget, CancellationToken ct)
    {
        var request = new OutboundRequest(url)
        {
            Headers = Headers,
            MaxBytes = options.Value.MaxBytes,
            KeepBeginning = true,
            Timeout = budget,
            Admits = options.Value.AllowsPort,
        };
        var result = await outbound.SendAsync(request, ct);
        if (!result.HasResponse)
        {
            return (null, Failure(result.Failure.Value));
        }

        if (!result.Response.IsSuccess)
        {
            var status = (int)result.Response.Status;
            return (null, ProviderFailure.OfStatus(status) with { Detail = $"answered with status {status}" });
        }

        return result.Response.Url == url || await robots.JudgeAsync(result.Response.Url, ct) == RobotsVerdict.Allowed
            ? await reader.ReadAsync(result.Response, markdown, ct)
            : (null, new(ProviderFailureReason.Forbidden) { Detail = "redirects to a page that the robots.txt of its site keeps from programs" });
    }

    private static ProviderFailure Failure(OutboundFailure failure) => failure switch
    {
        OutboundFailure.BadUrl => new(ProviderFailureReason.Rejected) { Detail = "is no URL that may be read" },
        OutboundFailure.Refused => new(ProviderFailureReason.Rejected) { Detail = "is at a host that is unknown or may not be reached" },
        OutboundFailure.BadRedirect => new(ProviderFailureReason.Rejected) { Detail = "redirects too often or to where it may not" },
        OutboundFailure.TooLarge => new(ProviderFailureReason.TooLarge),
        OutboundFailure.TimedOut => new(ProviderFailureReason.TimedOut) { Detail = "did not answer in time" },
        _ => new(ProviderFailureReason.Unreachable) { Detail = "did not answer" },
    };
}
