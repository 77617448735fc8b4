using System.Globalization;

namespace JanServer.Sandbox.Isolation;

/// <summary>The control group of one run.</summary>
/// <param name="folders">Its folders, one for each hierarchy.</param>
/// <param name="events">The file that counts kills for want of memory.</param>
internal sealed class ControlGroup(IReadOnlyList<string> folders, string events)
{
    private const string Kills = "oom_kill ";
    private const int Attempts = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The files to which a process writes its id to come in.</summary>
    public IEnumerable<string> Doors => folders.Select(folder => Path.Combine(folder, "cgroup.procs"));

    /// <summary>Whether the kernel killed something for want of memory.</summary>
    public bool OutOfMemory =>
        File.Exists(events)
        && File.ReadLines(events).FirstOrDefault(line => line.StartsWith(Kills, StringComparison.Ordinal)) is { } line
        && long.Parse(line[Kills.Length..], CultureInfo.InvariantCulture) > 0;

    /// <summary>Removes a group that has no processes.</summary>
    public static void TryRemove(string folder) => _ = Remove(folder);

    /// <summary>Waits until its processes, which have been told to die, are gone, and removes it.</summary>
    /// <returns>False when a process is still there after a second.</returns>
    public async Task<bool> RemoveAsync()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (folders.Aggregate(true, (removed, folder) => Remove(folder) && removed))
            {
                return true;
            }

            await Task.Delay(Pause);
        }

        return false;
    }

    private static bool Remove(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
