using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.MediaApi.Objects;
using Microsoft.Extensions.Options;

namespace JanServer.MediaApi.Files;

/// <summary>
/// The files, by id, in 1024 folders. A file appears whole or not at all: it is written beside them first. Names come from ids only, so no
/// request can lead out of the folder.
/// </summary>
internal sealed class FileStore
{
    private const string Incoming = "incoming";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root;
    private readonly string _incoming;

    public FileStore(IOptions<MediaOptions> options)
    {
        _root = Path.GetFullPath(options.Value.Path);
        _incoming = Path.Combine(_root, Incoming);
        MakeFolder(_root);
        MakeFolder(_incoming);
    }

    /// <summary>Where a file is. The last characters are random; the first would put a day's files into one folder.</summary>
    public string PathOf(Id<MediaRef> id) => Path.Combine(_root, id.ToString()[^2..], id.ToString());

    public bool Has(Id<MediaRef> id) => File.Exists(PathOf(id));

    /// <summary>Begins a file that is not there until <see cref="Accept"/>.</summary>
    public FileStream Begin(Id<MediaRef> id) => new(
        Path.Combine(_incoming, id.ToString()),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        });

    /// <summary>Makes a file that was written whole one of the files.</summary>
    public void Accept(Id<MediaRef> id)
    {
        var path = PathOf(id);
        MakeFolder(Path.GetDirectoryName(path)!);
        File.Move(Path.Combine(_incoming, id.ToString()), path);
    }

    /// <summary>Removes what was begun and not accepted.</summary>
    public void Abandon(Id<MediaRef> id) => File.Delete(Path.Combine(_incoming, id.ToString()));

    public Task<byte[]> ReadAsync(Id<MediaRef> id, CancellationToken ct) => File.ReadAllBytesAsync(PathOf(id), ct);

    /// <summary>Removes a file; one that is not there is as removed.</summary>
    public void Remove(Id<MediaRef> id)
    {
        if (Has(id))
        {
            File.Delete(PathOf(id));
        }
    }

    /// <summary>What was begun before a time and never accepted: its process is gone. Returns how many there were.</summary>
    public int AbandonBefore(DateTime utc)
    {
        var old = Directory.EnumerateFiles(_incoming).Where(file => File.GetLastWriteTimeUtc(file) < utc).ToList();
        old.ForEach(File.Delete);
        return old.Count;
    }

    /// <summary>The files that are older than a time, folder by folder.</summary>
    public IEnumerable<IReadOnlyList<Id<MediaRef>>> Before(DateTime utc)
    {
        foreach (var folder in Directory.EnumerateDirectories(_root).Where(folder => Path.GetFileName(folder) != Incoming))
        {
            List<Id<MediaRef>> ids =
            [
                .. from file in Directory.EnumerateFiles(folder)
                   where File.GetLastWriteTimeUtc(file) < utc
                   let id = Id<MediaRef>.Parse(Path.GetFileName(file))
                   where !id.IsNone
                   select id,
            ];
            if (ids.Count > 0)
            {
                yield return ids;
            }
        }
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }
}
