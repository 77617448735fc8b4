using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Tells whoever started it in a terminal what happens: one line per change that matters.</summary>
internal sealed class ProgressConsole(bool quiet, StateFolder state)
{
    private readonly TimeSpan _offset = DateTime.Now - Process.GetCurrentProcess().StartTime;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly bool _colors = !Console.IsOutputRedirected;

    private TimeSpan Elapsed => _offset + _clock.Elapsed;

    public void Error(string message)
    {
        Console.Error.WriteLine();
        Console.Error.WriteLine(message);
    }

    public void Info(string message)
    {
        if (!quiet)
        {
            Console.Out.WriteLine(message);
        }
    }

    /// <summary>Prints until cancelled.</summary>
    public async Task FollowAsync(ResourceMonitor monitor, CancellationToken ct)
    {
        if (quiet)
        {
            return;
        }

        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var status in monitor.WatchAsync(ct))
        {
            var what = Describe(status);
            if (what is not null && (!shown.TryGetValue(status.Name, out var before) || before != what))
            {
                shown[status.Name] = what;
                Write(status, what, monitor);
            }
        }
    }

    private static string? Describe(ResourceStatus status) => status switch
    {
        { IsSkipped: true } or { Type: "Parameter" or "ConnectionString" } => null,
        { IsReady: true } => "ready",
        { IsLate: true, State: var s } when s == KnownResourceStates.Running => "late: " + status.Reason,
        { State: var s } when s == KnownResourceStates.FailedToStart => "failed: " + status.Reason,
        { State: var s } when s == KnownResourceStates.RuntimeUnhealthy => "unhealthy: " + status.Reason,
        { State: var s } when s == KnownResourceStates.Starting && status.Restarts > 0 && status.Reason is not null => status.Reason,
        { State: var s } when s == KnownResourceStates.Starting => "starting",
        { State: var s } when s == KnownResourceStates.Finished => "finished",
        { State: var s } when s == KnownResourceStates.Stopping => "stopping",
        { State: var s } when s == KnownResourceStates.Exited =>
            status.ExitCode is { } code ? "ended with exit code " + code.ToString(CultureInfo.InvariantCulture) : "stopped",
        _ => null,
    };

    private void Write(ResourceStatus status, string what, ResourceMonitor monitor)
    {
        var bad = (status.IsLate && status.State == KnownResourceStates.Running)
            || status.State == KnownResourceStates.FailedToStart
            || (status.State == KnownResourceStates.Exited && status.ExitCode is not (null or 0));
        var color = !_colors ? "" : bad ? "\e[31m" : what == "ready" ? "\e[32m" : "";
        var detail = what == "ready" && status.Urls.Count > 0 ? "  " + string.Join(' ', status.Urls) : "";
        var time = Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Console.Out.WriteLine($"{time,6} s  {status.Name,-16} {color}{what}{(color.Length > 0 ? "\e[0m" : "")}{detail}");
        if (bad)
        {
            foreach (var line in monitor.LogOf(status.Name).Tail(10))
            {
                Console.Out.WriteLine($"          | {line}");
            }

            Console.Out.WriteLine($"          the whole log: {Path.Combine(state.Logs, status.Name + ".log")}");
        }
    }
}
