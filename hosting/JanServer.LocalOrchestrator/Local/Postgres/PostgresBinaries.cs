using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>An installed PostgreSQL: the directory that holds <c>initdb</c>, <c>postgres</c> and <c>pg_ctl</c>.</summary>
internal sealed partial record PostgresBinaries(string Directory, int MajorVersion)
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    public string Initdb => Path.Combine(Directory, "initdb" + Suffix);

    public string Postgres => Path.Combine(Directory, "postgres" + Suffix);

    public string PgCtl => Path.Combine(Directory, "pg_ctl" + Suffix);

    /// <summary>How a user of this machine installs PostgreSQL.</summary>
    public static string InstallSentence =>
        "PostgreSQL was not found. Install it and start again: " + (
            OperatingSystem.IsMacOS() ? "brew install postgresql@17"
            : OperatingSystem.IsWindows() ? "winget install PostgreSQL.PostgreSQL.17"
            : File.Exists("/etc/debian_version") ? "sudo apt-get install -y postgresql"
            : File.Exists("/etc/fedora-release") || File.Exists("/etc/redhat-release") ? "sudo dnf install -y postgresql-server"
            : File.Exists("/etc/alpine-release") ? "sudo apk add postgresql"
            : File.Exists("/etc/arch-release") ? "sudo pacman -S postgresql"
            : "see https://www.postgresql.org/download/")
        + "; or install npm, with which JanServer fetches it; or set ConnectionStrings__postgres to a server of yours.";

    /// <summary>The platform in the names of the npm packages, such as <c>linux-x64</c>; null when there is none.</summary>
    public static string? NpmPlatform
    {
        get
        {
            var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : null;
            var machine = RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "x64",
                Architecture.Arm64 => "arm64",
                Architecture.X86 => "ia32",
                Architecture.Arm => "arm",
                Architecture.Ppc64le => "ppc64",
                _ => null,
            };
            return system is null || machine is null ? null : $"{system}-{machine}";
        }
    }

    /// <summary>All installations in the order of preference: PATH first, then the usual folders, newest first.</summary>
    /// <param name="path">The value of PATH.</param>
    /// <param name="folders">Where packages put PostgreSQL; null means the usual folders of this platform.</param>
    /// <param name="ct">Stops the search.</param>
    public static async Task<IReadOnlyList<PostgresBinaries>> FindAllAsync(string? path, IEnumerable<string>? folders, CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        foreach (var directory in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            await AddAsync(directory);
        }

        var packaged = new List<PostgresBinaries>();
        foreach (var directory in folders ?? UsualFolders())
        {
            if (await TryOpenAsync(directory, ct) is { } binaries)
            {
                packaged.Add(binaries);
            }
        }

        found.AddRange(packaged.OrderByDescending(binaries => binaries.MajorVersion));
        return found;

        async Task AddAsync(string directory)
        {
            if (await TryOpenAsync(directory, ct) is { } binaries)
            {
                found.Add(binaries);
            }
        }
    }

    /// <summary>Looks into one directory; null when it does not hold a PostgreSQL that runs.</summary>
    public static async Task<PostgresBinaries?> TryOpenAsync(string directory, CancellationToken ct)
    {
        var candidate = new PostgresBinaries(directory, 0);
        if (!File.Exists(candidate.Initdb) || !File.Exists(candidate.Postgres))
        {
            return null;
        }

        // A link from a bin folder to the package: initdb looks for its siblings beside itself.
        if (File.ResolveLinkTarget(candidate.Postgres, returnFinalTarget: true) is { } target
            && new PostgresBinaries(Path.GetDirectoryName(target.FullName)!, 0) is var real
            && File.Exists(real.Initdb) && File.Exists(real.PgCtl))
        {
            candidate = real;
        }

        return File.Exists(candidate.PgCtl)
            && await Command.TryRunAsync(candidate.Postgres, ["--version"], ct) is { ExitCode: 0 } version
            && MajorVersionPattern().Match(version.Output) is { Success: true } match
                ? candidate with { MajorVersion = int.Parse(match.ValueSpan, CultureInfo.InvariantCulture) }
                : null;
    }

    private static IEnumerable<string> UsualFolders()
    {
        string[] roots = OperatingSystem.IsWindows()
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL")]
            : ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt", "/Library/PostgreSQL", "/usr"];
        foreach (var root in roots.Where(System.IO.Directory.Exists))
        {
            foreach (var version in System.IO.Directory.EnumerateDirectories(root).Where(name => VersionFolder().IsMatch(Path.GetFileName(name))))
            {
                yield return Path.Combine(version, "bin");
            }
        }
    }

    [GeneratedRegex(@"(?<=\(PostgreSQL\) )\d+")]
    private static partial Regex MajorVersionPattern();

    // Debian: 15; EDB: 17; Homebrew: postgresql@17; Fedora and others: pgsql-17.
    [GeneratedRegex(@"^(\d+(\.\d+)?|postgresql(@\d+)?|pgsql-\d+)$")]
    private static partial Regex VersionFolder();
}
