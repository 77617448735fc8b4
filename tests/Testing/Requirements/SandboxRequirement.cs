using System.Diagnostics;
using Xunit;

namespace JanServer.Testing.Requirements;

/// <summary>What it takes to isolate a program on this machine; bubblewrap is installed by apt when the tests may.</summary>
public static class SandboxRequirement
{
    private static readonly Lazy<string?> Lacking = new(Look);

    /// <summary>Why nothing can be isolated here, or null.</summary>
    public static string? Missing => Lacking.Value;

    private static string? Look() =>
        !OperatingSystem.IsLinux() ? "The sandbox needs Linux."
        : DebianPackage.FindOrInstall("bubblewrap", "bwrap") is not { } bubblewrap ? "bubblewrap is not installed (Debian: apt-get install bubblewrap)."
        : !File.Exists("/usr/bin/python3") ? "There is no /usr/bin/python3 (Debian: apt-get install python3)."
        : !Works(bubblewrap) ? "The kernel forbids user namespaces (sysctl kernel.unprivileged_userns_clone=1)."
        : null;

    private static bool Works(string bubblewrap)
    {
        using var process = Process.Start(new ProcessStartInfo(bubblewrap, ["--unshare-all", "--ro-bind", "/", "/", "true"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that isolates programs; skipped, with the reason, where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SandboxFactAttribute : FactAttribute
{
    /// <summary>Looks for what it takes.</summary>
    public SandboxFactAttribute() => Skip = SandboxRequirement.Missing;
}

/// <summary>A theory that isolates programs; skipped, with the reason, where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SandboxTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for what it takes.</summary>
    public SandboxTheoryAttribute() => Skip = SandboxRequirement.Missing;
}
