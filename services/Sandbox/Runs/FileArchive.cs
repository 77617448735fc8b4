using System.Formats.Tar;

namespace JanServer.Sandbox.Runs;

/// <summary>Files travel into a sandbox and out of it as tar archives that tar inside reads and writes, with the rights of the code.</summary>
internal static class FileArchive
{
    /// <summary>
    /// Runs inside: unpacks what comes in, runs the program, ends what it left running, and packs what it wrote. The program does
    /// not get the descriptors.
    /// </summary>
    public const string Script = """
        tar=$1 in=$2 out=$3; shift 3
        [ -z "$in" ] || "$tar" -C / -xof - <&5 || exit 126
        exec 5<&-
        [ -n "$out" ] || exec "$@" 6>&-
        "$@" 6>&-; code=$?
        kill -KILL -1 2>/dev/null
        cd / && find work tmp -type f -print0 2>/dev/null | "$tar" --hard-dereference --null -T - -cf - >&6 2>/dev/null
        exit $code
        """;

    // More than the disk of a sandbox can hold, were it not for files with holes.
    private const long MaxArchive = 512L << 20;

    /// <summary>Packs files.</summary>
    /// <param name="files">Contents by absolute path.</param>
    public static byte[] Pack(IReadOnlyDictionary<string, byte[]> files)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path[1..])
                {
                    DataStream = new MemoryStream(content, writable: false),
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                });
            }
        }

        return archive.ToArray();
    }

    /// <summary>Gives the files of an archive to <paramref name="selection"/>. What is no archive, because its writer was killed, ends early.</summary>
    public static async Task UnpackAsync(Stream archive, FileSelection selection, CancellationToken ct)
    {
        if (archive.Length > MaxArchive)
        {
            return;
        }

        await using var reader = new TarReader(archive, leaveOpen: true);
        try
        {
            while (await reader.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                {
                    await selection.OfferAsync("/" + entry.Name, entry.Length, entry.DataStream, ct);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            // Whoever wrote it ran inside: what could be read counts.
            return;
        }
    }
}
