using System.Globalization;

namespace JanServer.Benchmarks.Load.Measuring;

/// <summary>CPU time and memory of processes, from /proc: the robust figure on a shared machine.</summary>
internal static class ProcessCpu
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system seconds that the processes have used so far.</summary>
    public static double Seconds(IEnumerable<int> pids) => pids.Sum(Seconds);

    /// <summary>Seconds of all cores that any process used so far.</summary>
    public static double MachineSeconds() =>
        File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Index()
            .Where(field => field.Index is not (3 or 4))
            .Sum(field => double.Parse(field.Item, CultureInfo.InvariantCulture)) / TicksPerSecond;

    /// <summary>Resident memory in KiB.</summary>
    public static long ResidentKiB(IEnumerable<int> pids) => pids.Sum(pid =>
        File.ReadLines($"/proc/{pid}/status").Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)));

    private static double Seconds(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
