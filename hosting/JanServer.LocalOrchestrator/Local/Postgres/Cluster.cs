using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>
/// A data directory that this process holds alone: placed where the server's account can reach it, initialized, of the
/// binaries' version, with the wanted password, and with no server of an earlier run on it.
/// </summary>
internal sealed class Cluster : IDisposable
{
    private const string FallbackRoot = "/var/lib/janserver";
    private const int HashIterations = 50_000;

    private readonly FileStream? _lock;

    private Cluster(string directory, FileStream? held)
    {
        Directory = directory;
        _lock = held;
    }

    /// <summary>Where the data is; differs from what was asked for when a root's private folder hides it from the server's account.</summary>
    public string Directory { get; }

    /// <summary>The version that made the data in <paramref name="directory"/>; null when there is none.</summary>
    public static int? VersionOf(string directory)
    {
        var file = Path.Combine(directory, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }

    /// <summary>
    /// The directory to use for what was asked for: the same, or one below /var/lib/janserver when the account cannot get
    /// there (a checkout below /root).
    /// </summary>
    public static async Task<string> PlaceAsync(string directory, ServiceAccount account, CancellationToken ct)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(directory))!;
        System.IO.Directory.CreateDirectory(parent);
        if (await account.CanEnterAsync(parent, ct))
        {
            return Path.GetFullPath(directory);
        }

        System.IO.Directory.CreateDirectory(FallbackRoot);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(directory))));
        return Path.Combine(FallbackRoot, hash[..16]);
    }

    public static async Task<Cluster> PrepareAsync(
        string directory, PostgresBinaries binaries, ServiceAccount account, EmbeddedPostgresOptions options, CancellationToken ct)
    {
        // Nobody else knows the name of a throw-away.
        var held = options.Ephemeral ? null : Hold(directory);
        try
        {
            var cluster = new Cluster(directory, held);
            if (VersionOf(directory) is { } version)
            {
                Require(version, binaries, directory);
                await account.OwnAsync(directory, ct);
                await cluster.StopLeftoverAsync(binaries, account, ct);
            }
            else
            {
                await cluster.InitializeAsync(binaries, account, options, ct);
            }

            await cluster.SetPasswordAsync(binaries, account, options, ct);
            return cluster;
        }
        catch
        {
            if (held is not null)
            {
                await held.DisposeAsync();
            }

            throw;
        }
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>Takes the lock that ends with this process, however it ends.</summary>
    private static FileStream Hold(string directory)
    {
        var parent = Path.GetDirectoryName(directory)!;
        System.IO.Directory.CreateDirectory(parent);
        try
        {
            return new FileStream(directory + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new EmbeddedPostgresException(
                $"Another JanServer runs on the data in {directory}. Stop it first, or start this one with another data directory.");
        }
    }

    private static void Require(int version, PostgresBinaries binaries, string directory)
    {
        if (version != binaries.MajorVersion)
        {
            throw new EmbeddedPostgresException(
                $"The data in {directory} was made by PostgreSQL {version}, and PostgreSQL {binaries.MajorVersion} is what this machine has. "
                + $"Install PostgreSQL {version} beside it (both may stay), or carry the data over with pg_dumpall, "
                + "or remove the directory to begin without data.");
        }
    }

    private async Task InitializeAsync(PostgresBinaries binaries, ServiceAccount account, EmbeddedPostgresOptions options, CancellationToken ct)
    {
        if (System.IO.Directory.Exists(Directory) && System.IO.Directory.EnumerateFileSystemEntries(Directory).Any())
        {
            throw new EmbeddedPostgresException($"{Directory} is not empty and holds no PostgreSQL data. Move it away and start again.");
        }

        // Made beside and moved when complete: a run that is killed half way leaves no half cluster.
        var fresh = Directory + ".new";
        var password = Directory + ".password";
        if (System.IO.Directory.Exists(fresh))
        {
            System.IO.Directory.Delete(fresh, recursive: true);
        }

        System.IO.Directory.CreateDirectory(fresh);
        try
        {
            await WritePrivateAsync(password, options.Password, ct);
            await account.OwnAsync(fresh, ct);
            await account.OwnAsync(password, ct);
            List<string> arguments =
            [
                "-D", fresh, "-U", options.SuperUser, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8",
                OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C",
            ];
            if (!options.Durable)
            {
                arguments.Add("--no-sync");
            }

            await Command.RunAsync(binaries.Initdb, arguments, ct, account);
        }
        finally
        {
            File.Delete(password);
        }

        await WritePrivateAsync(Path.Combine(fresh, "janserver.password"), Fingerprint(options.Password, RandomNumberGenerator.GetBytes(16)), ct);
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory);
        }

        System.IO.Directory.Move(fresh, Directory);
    }

    /// <summary>Whoever owns the files owns the data: a lost or changed password is set anew without asking the server.</summary>
    private async Task SetPasswordAsync(PostgresBinaries binaries, ServiceAccount account, EmbeddedPostgresOptions options, CancellationToken ct)
    {
        var file = Path.Combine(Directory, "janserver.password");
        if (File.Exists(file) && await File.ReadAllTextAsync(file, ct) is { Length: > 32 } known
            && known == Fingerprint(options.Password, Convert.FromHexString(known.AsSpan(0, 32))))
        {
            return;
        }

        var role = options.SuperUser.Replace("\"", "\"\"", StringComparison.Ordinal);
        var literal = options.Password.Replace("'", "''", StringComparison.Ordinal);
        await Command.RunAsync(
            binaries.Postgres, ["--single", "-D", Directory, "postgres"], ct, account, $"ALTER ROLE \"{role}\" PASSWORD '{literal}'\n");
        await WritePrivateAsync(file, Fingerprint(options.Password, RandomNumberGenerator.GetBytes(16)), ct);
    }

    /// <summary>
    /// We hold the lock, so whatever still runs here belongs to a run that was killed. Its own watch stops it within
    /// moments; if not, we do. A number in postmaster.pid that now belongs to someone else would make the server refuse.
    /// </summary>
    private async Task StopLeftoverAsync(PostgresBinaries binaries, ServiceAccount account, CancellationToken ct)
    {
        var file = Path.Combine(Directory, "postmaster.pid");
        var clock = Stopwatch.StartNew();
        while (File.Exists(file) && PostmasterFile.Read(Directory) is { } left && IsServerHere(left.ProcessId))
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(5))
            {
                await Command.RunAsync(binaries.PgCtl, ["stop", "-D", Directory, "-m", "fast", "-t", "30"], ct, account);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }

        File.Delete(file);
    }

    private bool IsServerHere(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            if (!process.ProcessName.StartsWith("postgres", StringComparison.Ordinal))
            {
                return false;
            }

            // The server's working directory is its data directory.
            return !OperatingSystem.IsLinux()
                || File.ResolveLinkTarget($"/proc/{processId}/cwd", returnFinalTarget: false)?.FullName == Directory;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // A process of another user is not the server of ours.
            return false;
        }
    }

    private static string Fingerprint(string password, byte[] salt) =>
        Convert.ToHexStringLower(salt)
        + Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(password, salt, HashIterations, HashAlgorithmName.SHA256, 32));

    private static async Task WritePrivateAsync(string path, string text, CancellationToken ct)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(text.AsMemory(), ct);
    }
}
