namespace Aspire.Hosting.Local;

/// <summary>What only a run on this machine has: processes and their output.</summary>
public static class LocalInspectionExtensions
{
    /// <returns>The process that serves the resource at this moment; null when there is none.</returns>
    public static int? GetProcessId(this DistributedApplication app, string resourceName) =>
        app.Orchestrator.Monitor.Find(resourceName)?.ProcessId;

    /// <returns>How often the resource was started again after it ended by itself.</returns>
    public static int GetRestarts(this DistributedApplication app, string resourceName) =>
        app.Orchestrator.Monitor.Find(resourceName)?.Restarts ?? 0;

    /// <returns>The last lines that the resource printed.</returns>
    public static IReadOnlyList<string> GetLogs(this DistributedApplication app, string resourceName, int lines = 100) =>
        app.Orchestrator.Monitor.LogOf(resourceName).Tail(lines);

    /// <returns>State and last lines of everything, for a test that failed.</returns>
    public static string DumpResources(this DistributedApplication app, int lines = 20)
    {
        var monitor = app.Orchestrator.Monitor;
        return string.Join(
            Environment.NewLine,
            monitor.Snapshot().Where(s => !s.IsSkipped && s.Type is not ("Parameter" or "ConnectionString")).Select(s => string.Join(
                Environment.NewLine,
                monitor.LogOf(s.Name).Tail(lines).Select(line => "    " + line).Prepend($"{s.Name}: {s.State} {s.Health} {s.Reason}"))));
    }
}
