using System.Globalization;

namespace JanServer.Sandbox.Isolation;

/// <summary>What /proc says about processes.</summary>
internal static class ProcessTree
{
    /// <summary>Whether a process has that id.</summary>
    public static bool IsAlive(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) && Directory.Exists($"/proc/{id}");

    /// <summary>The process and everything below it. Orphans in a sandbox stay below its first process.</summary>
    public static IReadOnlyList<int> Of(int root)
    {
        List<int> all = [root];
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(ChildrenOf(all[i]));
        }

        return all;
    }

    /// <summary>Memory of a process in bytes, what it shares counted by its share; 0 when it is gone.</summary>
    public static long MemoryOf(int process) =>
        Read($"/proc/{process}/smaps_rollup")
            .Split('\n')
            .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
            .FirstOrDefault();

    private static IEnumerable<int> ChildrenOf(int process) =>
        Read($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended between being seen and being asked.
            return "";
        }
    }
}
