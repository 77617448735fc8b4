using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>
/// What one resource or all print: first what is in memory, then each line as it comes. A browser that is too slow loses the
/// oldest lines and sees by their numbers how many.
/// </summary>
internal sealed partial class LogEndpoints(ResourceMonitor monitor)
{
    private const int BackLog = 2_000;
    private const int LinesPerEvent = 500;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/logs/events", (RequestDelegate)FollowAsync);

    private Task FollowAsync(HttpContext http)
    {
        var name = http.Request.Query["resource"].ToString();
        if (name.Length > 0 && monitor.Find(name) is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var logs = name.Length > 0
            ? [monitor.LogOf(name)]
            : monitor.Snapshot().Where(s => !s.IsSkipped).Select(s => monitor.LogOf(s.Name)).ToArray();
        return EventStream.RunAsync(http, (stream, ct) => SendAsync(stream, logs, ct));
    }

    private static async Task SendAsync(EventStream stream, ResourceLog[] logs, CancellationToken ct)
    {
        var bound = new BoundedChannelOptions(2 * BackLog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        var lines = Channel.CreateBounded<LogLine>(bound);
        try
        {
            // Every log is followed before the first line is sent, so none is missed in between.
            LogLine[] before = [.. logs.SelectMany(l => l.Follow(lines.Writer)).OrderBy(l => l.Time)];
            await stream.WriteAsync("backlog", Views(before.TakeLast(BackLog)), DashboardJson.Default.IReadOnlyListLineView, ct);
            while (await lines.Reader.WaitToReadAsync(ct))
            {
                await stream.WriteAsync("lines", Views(Take(lines.Reader)), DashboardJson.Default.IReadOnlyListLineView, ct);
            }
        }
        finally
        {
            foreach (var log in logs)
            {
                log.Unfollow(lines.Writer);
            }
        }
    }

    private static IEnumerable<LogLine> Take(ChannelReader<LogLine> lines)
    {
        for (var count = 0; count < LinesPerEvent && lines.TryRead(out var line); count++)
        {
            yield return line;
        }
    }

    private static IReadOnlyList<LineView> Views(IEnumerable<LogLine> lines) =>
        [.. lines.Select(l => new LineView(l.Resource, l.Number, l.Time, TerminalCodes.Replace(l.Text, ""), l.IsError))];

    // Colours and other commands to a terminal (ECMA-48 CSI and OSC sequences), and control characters except the tab.
    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]|\e\][^\a\e]*(?:\a|\e\\)?|\e[@-Z\\^_]|[\x00-\x08\x0b-\x1f\x7f]")]
    private static partial Regex TerminalCodes { get; }
}
