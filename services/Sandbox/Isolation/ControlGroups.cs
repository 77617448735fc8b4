using System.Globalization;
using System.Text;

namespace JanServer.Sandbox.Isolation;

/// <summary>
/// Makes a control group for each run, in version 1 or 2 of the hierarchy, whichever this process may write. Where it may write
/// neither, as without root on most machines, <see cref="MemoryWatch"/> bounds memory and rlimits bound processes.
/// </summary>
internal abstract class ControlGroups
{
    protected const string Folder = "janserver-sandbox";

    /// <summary>The name of a group that is made to see whether one can be.</summary>
    protected static string Trial { get; } = string.Create(CultureInfo.InvariantCulture, $"run-{Environment.ProcessId}-0");

    /// <summary>Microseconds of the period that processor shares are counted in.</summary>
    protected const int Period = 100_000;

    private int _count;

    /// <summary>What to call it in logs.</summary>
    public abstract string Kind { get; }

    /// <summary>The groups that this process may make, or null.</summary>
    /// <param name="mount">Where the hierarchies are mounted.</param>
    /// <param name="membership">The file that says which groups this process is in.</param>
    public static ControlGroups? Find(string mount = "/sys/fs/cgroup", string membership = "/proc/self/cgroup") =>
        (ControlGroups?)ControlGroupsV2.TryOpen(mount, membership) ?? ControlGroupsV1.TryOpen(mount);

    /// <summary>A new group with these limits.</summary>
    /// <exception cref="IOException">The kernel refuses it.</exception>
    public ControlGroup Create(Limits limits, SandboxOptions options)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"run-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        return Create(name, limits, options);
    }

    protected abstract ControlGroup Create(string name, Limits limits, SandboxOptions options);

    /// <summary>Removes the groups of processes that were killed.</summary>
    protected static void RemoveAbandoned(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, "run-*"))
        {
            if (!ProcessTree.IsAlive(Path.GetFileName(folder).Split('-')[1]))
            {
                ControlGroup.TryRemove(folder);
            }
        }
    }

    /// <summary>Sets a limit. Files here are the kernel's: there is nothing to create or truncate.</summary>
    protected static void Set(string folder, string file, long value) => Set(folder, file, value.ToString(CultureInfo.InvariantCulture));

    protected static void Set(string folder, string file, string value)
    {
        using var handle = File.OpenHandle(Path.Combine(folder, file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(handle, Encoding.ASCII.GetBytes(value), 0);
    }
}
