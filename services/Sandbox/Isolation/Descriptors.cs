using System.Globalization;
using System.Runtime.InteropServices;

namespace JanServer.Sandbox.Isolation;

/// <summary>
/// Keeps open files of this process from the programs it starts. .NET opens all its own so; what the service inherited from whoever
/// started it, a log or a terminal, would otherwise be open in every sandbox.
/// </summary>
internal static partial class Descriptors
{
    private const int FirstAfterStandard = 3;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExecFlag = 1;

    // close_range(2) has one number on all architectures; CLOSE_RANGE_CLOEXEC needs Linux 5.11.
    private const nint CloseRange = 436;
    private const uint CloseRangeOnExec = 4;

    /// <summary>Marks everything but the standard streams to be closed in started programs.</summary>
    public static void CloseOnExec()
    {
        if (SystemCall(CloseRange, FirstAfterStandard, uint.MaxValue, CloseRangeOnExec) == 0)
        {
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            var descriptor = int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
            if (descriptor >= FirstAfterStandard)
            {
                // It may be closed by now, which is as good.
                _ = Control(descriptor, SetDescriptorFlags, CloseOnExecFlag);
            }
        }
    }

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemCall(nint number, uint first, uint last, uint flags);

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, int command, int argument);
}
