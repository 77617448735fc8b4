using System.Globalization;

namespace JanServer.Sandbox.Isolation;

/// <summary>Writes the command line that isolates a program. bubblewrap's manual explains each option.</summary>
internal static class Bubblewrap
{
    /// <summary>The descriptors at which the launching shell has opened the policy, the code and the file for the state.</summary>
    public const int PolicyDescriptor = 3;

    public const int CodeDescriptor = 4;

    public const int StateDescriptor = 7;

    private const int OpenFiles = 256;
    private const string User = "65534";

    // Node.js reserves far more addresses than it uses; below this it does not start.
    private const long LeastAddressSpace = 1L << 30;

    private static readonly string[] SystemFolders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    private static readonly (string Name, string Value)[] Environment =
    [
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("HOME", JailCommand.WorkingFolder),
        ("LANG", "C.UTF-8"),
        ("TMPDIR", "/tmp"),
        ("PYTHONPATH", JailCommand.WorkingFolder),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("MPLBACKEND", "Agg"),
        ("MPLCONFIGDIR", "/tmp/matplotlib"),

        // Numeric libraries start a thread for each processor of the machine, which is not what a run gets.
        ("OMP_NUM_THREADS", "1"),
        ("OPENBLAS_NUM_THREADS", "1"),
    ];

    /// <summary>The program that the launching shell becomes, with its arguments.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="programs">Where the tools are.</param>
    /// <param name="options">How much of everything there is.</param>
    /// <param name="user">The user id to take first, for a service that is root.</param>
    /// <param name="grouped">Whether a control group counts memory, so that address space need not stand for it.</param>
    public static IEnumerable<string> CommandLine(JailCommand command, Programs programs, SandboxOptions options, int? user, bool grouped)
    {
        List<string> line = [];
        if (user is { } id)
        {
            line.AddRange(
                [programs.SetPrivileges, $"--reuid={id}", $"--regid={id}", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]);
        }

        line.AddRange([programs.Limit, .. ProcessLimits(command.Limits, options, grouped)]);
        line.AddRange([programs.Bubblewrap, .. Isolation(options), .. Mounts(command, options)]);

        // Inside the user namespace: outside, the limit would count all processes of that user on the machine.
        line.AddRange(["--", programs.Limit, Invariant($"--nproc={options.MaxProcesses}"), .. command.Program]);
        return line;
    }

    private static IEnumerable<string> ProcessLimits(Limits limits, SandboxOptions options, bool grouped)
    {
        yield return Invariant($"--cpu={limits.CpuSeconds}");
        yield return Invariant($"--fsize={(long)options.FileMb << 20}");
        yield return Invariant($"--nofile={OpenFiles}");
        yield return "--core=0";
        if (!grouped)
        {
            yield return Invariant($"--as={Math.Max(4 * limits.MemoryBytes, LeastAddressSpace)}");
        }
    }

    private static IEnumerable<string> Isolation(SandboxOptions options)
    {
        string[] fixedPart =
        [
            "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv",
            "--cap-drop", "ALL", "--uid", User, "--gid", User,
            "--seccomp", Invariant($"{PolicyDescriptor}"), "--json-status-fd", Invariant($"{StateDescriptor}"),
            "--ro-bind", "/usr", "/usr",
        ];
        var folders = SystemFolders.SelectMany(SystemFolder);
        var extra = options.ReadOnlyPaths.SelectMany(path => (string[])["--ro-bind", path, path]);
        var environment = Environment.SelectMany(variable => (string[])["--setenv", variable.Name, variable.Value]);
        return [.. fixedPart, .. folders, .. extra, .. environment];
    }

    private static IEnumerable<string> Mounts(JailCommand command, SandboxOptions options) =>
    [
        "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
        "--ro-bind-try", "/etc/alternatives", "/etc/alternatives",
        "--proc", "/proc",
        "--dev", "/dev",
        "--size", Mebibytes(options.TmpMb), "--tmpfs", "/dev/shm",
        "--size", Mebibytes(options.DiskMb), "--tmpfs", JailCommand.WorkingFolder,
        "--size", Mebibytes(options.TmpMb), "--tmpfs", "/tmp",
        "--dir", "/var",
        "--ro-bind-data", Invariant($"{CodeDescriptor}"), command.CodePath,
        "--remount-ro", "/dev",
        "--remount-ro", "/",
        "--chdir", JailCommand.WorkingFolder,
    ];

    /// <summary>Most systems have these as links into /usr, some as folders.</summary>
    private static string[] SystemFolder(string path) => new DirectoryInfo(path) switch
    {
        { LinkTarget: { } target } => ["--symlink", target, path],
        { Exists: true } => ["--ro-bind", path, path],
        _ => [],
    };

    private static string Mebibytes(int count) => Invariant($"{(long)count << 20}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
