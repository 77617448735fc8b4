using System.Diagnostics;
using System.Runtime.InteropServices;

namespace JanServer.LocalOrchestrator.Tests.Processes;

internal static class TestProcess
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    public static string Assembly => typeof(TestProcess).Assembly.Location;

    public static string Dotnet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    public static Process Start(params string[] arguments)
    {
        var start =
            new ProcessStartInfo(Dotnet, ["exec", Assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    public static void Signal(int pid, int signal) => Assert.Equal(0, NativeKill(pid, signal));

    /// <summary>The processes, other than watchers, whose environment names this run's state folder or mark.</summary>
    public static IReadOnlyList<int> WithEnvironment(string text) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Contains($"/proc/{pid}/environ", text))];

    private static bool Contains(string file, string text)
    {
        try
        {
            return File.ReadAllText(file).Contains(text, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int pid, int signal);
}
