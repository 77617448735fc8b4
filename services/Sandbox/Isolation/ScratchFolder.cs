using System.Globalization;

namespace JanServer.Sandbox.Isolation;

/// <summary>
/// Files by which this process and a sandbox hand things to each other. Nobody else may enter; the sandbox gets single files as open
/// descriptors. What a process that was killed left behind is removed by the next one.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "janserver-sandbox.";

    private readonly string _path;
    private int _count;

    public ScratchFolder()
    {
        RemoveAbandoned();

        // Its owner alone may enter; what is below needs no modes of its own.
        _path = Directory.CreateTempSubdirectory(Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + ".").FullName;
        Policy = Path.Combine(_path, "seccomp");
        File.WriteAllBytes(Policy, Seccomp.Program());
    }

    /// <summary>The file with the refused system calls.</summary>
    public string Policy { get; }

    /// <summary>A new folder for one run.</summary>
    public string Create()
    {
        var path = Path.Combine(_path, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(path);
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            if (ProcessTree.IsAlive(Path.GetFileName(folder).Split('.')[1]))
            {
                continue;
            }

            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another replica is removing it.
                continue;
            }
        }
    }
}
