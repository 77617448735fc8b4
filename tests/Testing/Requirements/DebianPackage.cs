using System.Diagnostics;

namespace JanServer.Testing.Requirements;

/// <summary>Debian's packages, for tests that need a program and may install it.</summary>
public static class DebianPackage
{
    // Test projects run at the same time, and one of them holds apt's lock.
    private const string WaitForLock = "DPkg::Lock::Timeout=300";

    /// <summary>The program's full path; first installs the package when it is missing and the tests run as root on Debian. Null without it.</summary>
    /// <param name="package">The package, such as <c>redis-server</c>.</param>
    /// <param name="program">A program on PATH that it has.</param>
    public static string? FindOrInstall(string package, string program)
    {
        if (ProgramOnPath.Find(program) is { } found)
        {
            return found;
        }

        if (Environment.IsPrivilegedProcess && ProgramOnPath.Find("apt-get") is { } apt)
        {
            Run(apt, "-o", WaitForLock, "update", "-q");
            Run(apt, "-o", WaitForLock, "install", "-y", "-q", "--no-install-recommends", package);
        }

        return ProgramOnPath.Find(program);
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["DEBIAN_FRONTEND"] = "noninteractive", ["RUNLEVEL"] = "1" },
        })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }
}
