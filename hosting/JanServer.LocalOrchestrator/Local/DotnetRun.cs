using System.Globalization;

namespace Aspire.Hosting.Local;

/// <summary>
/// The <c>dotnet run</c> that started us. It passes signals on, but not kill -9: then we would go on without a terminal, holding
/// the ports. Any other parent may end before us.
/// </summary>
internal static class DotnetRun
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends when that parent is gone; without one, only when cancelled.</summary>
    public static async Task EndAsync(CancellationToken ct)
    {
        var parent = OperatingSystem.IsLinux() ? Parent() : null;
        if (parent is null || !IsDotnetRun(parent))
        {
            await Task.Delay(Timeout.Infinite, ct);
        }

        while (Parent() == parent)
        {
            await Task.Delay(Pause, ct);
        }
    }

    private static string? Parent() =>
        File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("PPid:", StringComparison.Ordinal))?["PPid:".Length..].Trim();

    private static bool IsDotnetRun(string pid)
    {
        try
        {
            var words = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")).Split('\0');
            return Path.GetFileName(words[0]) == "dotnet" && words.Contains("run");
        }
        catch (IOException)
        {
            return false;
        }
    }
}
