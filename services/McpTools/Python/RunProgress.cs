using System.Globalization;
using ModelContextProtocol;

namespace JanServer.McpTools.Python;

/// <summary>Tells a client that asked how long its program has been waiting or running, of the time that it may take.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Reports until told to end.</summary>
    public static async Task ReportAsync(IProgress<ProgressNotificationValue>? progress, double total, TimeProvider clock, CancellationToken end)
    {
        if (progress is null)
        {
            return;
        }

        progress.Report(new() { Progress = 0, Total = (float)total, Message = "The program is sent to the sandbox." });
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                // What is more than its time is time in the queue.
                var seconds = clock.GetElapsedTime(began).TotalSeconds;
                progress.Report(new()
                {
                    Progress = (float)seconds,
                    Total = (float)Math.Max(total, seconds),
                    Message = string.Create(CultureInfo.InvariantCulture, $"The program is waiting or running: {seconds:0} s."),
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The call is over.
            return;
        }
    }
}
