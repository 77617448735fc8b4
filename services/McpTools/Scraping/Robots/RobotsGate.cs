using System.Text;
using JanServer.McpTools.Search.Providers;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping.Robots;

/// <summary>Asks a site's robots.txt before its pages are read, and remembers the answer for all replicas.</summary>
internal sealed class RobotsGate(OutboundClient outbound, AnswerCache cache, IOptions<ScrapeOptions> options)
{
    /// <summary>Our product token: what <see cref="OutboundClient"/> sends as <c>User-Agent</c>.</summary>
    public const string Agent = "JanServer";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    // A file that could not be had is asked for again soon.
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    /// <summary>What the site says of the page.</summary>
    public async Task<RobotsVerdict> JudgeAsync(Uri url, CancellationToken ct)
    {
        if (!options.Value.ObeyRobots)
        {
            return RobotsVerdict.Allowed;
        }

        var origin = url.GetLeftPart(UriPartial.Authority);
        var key = AnswerCache.Key("robots", origin);
        if (await cache.FindAsync(key, ScrapeJson.Default.RobotsRules, ct) is { } kept)
        {
            return Judge(kept.Value, url);
        }

        var rules = await FetchAsync(new(origin + "/robots.txt"), ct);
        var keep = rules.IsUnknown ? Retry : TimeSpan.FromSeconds(options.Value.RobotsCacheSeconds);
        await cache.StoreAsync(key, rules, ScrapeJson.Default.RobotsRules, keep, ct);
        return Judge(rules, url);
    }

    private static RobotsVerdict Judge(RobotsRules rules, Uri url) =>
        rules.IsUnknown ? RobotsVerdict.Unknown : rules.Allows(url) ? RobotsVerdict.Allowed : RobotsVerdict.Forbidden;

    // Section 2.3.1: what is "unavailable" (4xx) allows everything, what is "unreachable" (5xx, no answer) forbids everything. A site that
    // says "too many" has a file, so 429 counts as unreachable.
    private async Task<RobotsRules> FetchAsync(Uri url, CancellationToken ct)
    {
        var result = await outbound.SendAsync(
            new(url) { MaxBytes = RobotsFile.MaxBytes, KeepBeginning = true, Timeout = Timeout, Admits = options.Value.AllowsPort }, ct);
        return result.Response switch
        {
            { IsSuccess: true } response => RobotsFile.Parse(Encoding.UTF8.GetString(response.Body.Span), Agent),
            { Status: var status } when (int)status is >= 400 and < 500 and not 429 => RobotsRules.AllowAll,
            _ => RobotsRules.DisallowAll,
        };
    }
}

/// <summary>What a site's robots.txt says of a page.</summary>
internal enum RobotsVerdict
{
    Allowed,

    /// <summary>It says no.</summary>
    Forbidden,

    /// <summary>It could not be had, which forbids the page to us and leaves it to others to ask.</summary>
    Unknown,
}
