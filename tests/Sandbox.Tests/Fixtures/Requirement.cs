using System.Diagnostics;
using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Fixtures;

/// <summary>What it takes to isolate a program on this machine; bubblewrap is installed by apt when the tests may.</summary>
internal static class Requirement
{
    private static readonly Lazy<string?> Lacking = new(Look);

    /// <summary>Why nothing can be isolated here, or null.</summary>
    public static string? Missing => Lacking.Value;

    private static string? Look()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The sandbox needs Linux.";
        }

        if (ProgramOnPath.Find("bwrap") is null && Environment.IsPrivilegedProcess && ProgramOnPath.Find("apt-get") is { } apt)
        {
            Run(apt, "update", "-q");
            Run(apt, "install", "-y", "-q", "--no-install-recommends", "bubblewrap");
        }

        return ProgramOnPath.Find("bwrap") is not { } bubblewrap ? "bubblewrap is not installed (Debian: apt-get install bubblewrap)."
            : !File.Exists("/usr/bin/python3") ? "There is no /usr/bin/python3 (Debian: apt-get install python3)."
            : Run(bubblewrap, "--unshare-all", "--ro-bind", "/", "/", "true") != 0 ? "The kernel forbids user namespaces (sysctl kernel.unprivileged_userns_clone=1)."
            : null;
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that isolates programs; skipped, with the reason, where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SandboxFactAttribute : FactAttribute
{
    public SandboxFactAttribute() => Skip = Requirement.Missing;
}

/// <summary>A theory that isolates programs; skipped, with the reason, where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SandboxTheoryAttribute : TheoryAttribute
{
    public SandboxTheoryAttribute() => Skip = Requirement.Missing;
}

/// <summary>A test that takes root; skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Requirement.Missing ?? (Environment.IsPrivilegedProcess ? null : "This takes root.");
}
