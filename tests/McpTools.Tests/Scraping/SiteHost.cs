using System.Net;
using JanServer.McpTools.Tests.Search;
using JanServer.ServiceDefaults.Outbound;

namespace JanServer.McpTools.Tests.Scraping;

/// <summary>A host whose upstream plays a web site: <c>site.test</c> may be reached although it is the loopback.</summary>
internal static class SiteHost
{
    /// <summary>An address that counts as public; nobody is there.</summary>
    public static readonly IPAddress PublicAddress = IPAddress.Parse("93.184.216.34");

    public static Task<ToolHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    public static async Task<ToolHost> StartAsync(HostLookup? names, params (string Key, string Value)[] settings)
    {
        var host = await ToolHost.StartAsync(
            names,
            [("Outbound:AllowedHosts:0", "site.test"), ("Outbound:AllowedHosts:1", "other.test"), ("Scraping:ExtraPorts:0", "{port}"), .. settings]);
        host.Upstream.Always("/robots.txt", exchange => exchange.AnswerAsync("", "text/plain", 404));
        return host;
    }

    /// <summary>The names of public hosts; everything else is the loopback.</summary>
    public static Task<IPAddress[]> Names(string host, CancellationToken _) =>
        Task.FromResult<IPAddress[]>([host.EndsWith(".example", StringComparison.Ordinal) ? PublicAddress : IPAddress.Loopback]);

    /// <summary>
    /// Names that are public when they are first asked for, which the guard does, and the loopback for whoever connects: nothing of a test
    /// goes out into the world.
    /// </summary>
    public static HostLookup PublicOnce()
    {
        var asked = 0;
        return (_, _) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? PublicAddress : IPAddress.Loopback]);
    }

    public static string Url(this ToolHost host, string path, string name = "site.test") => $"http://{name}:{host.Upstream.BaseAddress.Port}{path}";

    /// <summary>The arguments of a call.</summary>
    public static string Scrape(this ToolHost host, string path, string more = "") => $$"""{"url":"{{host.Url(path)}}"{{more}}}""";

    /// <summary>What was asked for besides robots.txt.</summary>
    public static IEnumerable<string> Pages(this ToolHost host) => host.Paths.Where(path => path != "/robots.txt");
}
