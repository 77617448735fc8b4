using System.Globalization;

namespace JanServer.Sandbox.Isolation;

/// <summary>
/// Version 2: one hierarchy, in which this process needs a group of its own to share out: as root in a container, or with systemd's
/// <c>Delegate=yes</c>. A group that has children with limits may have no processes itself, so this process moves into a child.
/// </summary>
internal sealed class ControlGroupsV2 : ControlGroups
{
    private const string Controllers = "cgroup.controllers";
    private const string Self = "janserver-service";

    private readonly string _parent;

    private ControlGroupsV2(string parent) => _parent = parent;

    public override string Kind => "cgroup v2";

    public static ControlGroupsV2? TryOpen(string mount, string membership)
    {
        if (!File.Exists(Path.Combine(mount, Controllers)) || !File.Exists(membership))
        {
            return null;
        }

        // 0::/path, relative to what is mounted.
        var path = File.ReadLines(membership).FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?["0::/".Length..];
        var own = path is null ? mount : Path.Combine(mount, path);
        if (!Directory.Exists(own) || !Has(own, "memory") || !Has(own, "pids"))
        {
            return null;
        }

        try
        {
            var leaf = Directory.CreateDirectory(Path.Combine(own, Self)).FullName;
            Set(leaf, "cgroup.procs", Environment.ProcessId);
            Set(own, "cgroup.subtree_control", Has(own, "cpu") ? "+memory +pids +cpu" : "+memory +pids");
            var parent = Directory.CreateDirectory(Path.Combine(own, Folder)).FullName;
            Set(parent, "cgroup.subtree_control", Has(own, "cpu") ? "+memory +pids +cpu" : "+memory +pids");
            RemoveAbandoned(parent);
            return new(parent);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not ours to share out, or shared with processes that are not ours to move.
            return null;
        }
    }

    protected override ControlGroup Create(string name, Limits limits, SandboxOptions options)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_parent, name)).FullName;
        try
        {
            Set(folder, "memory.max", limits.MemoryBytes);
            SetIfThere(folder, "memory.swap.max", "0");
            SetIfThere(folder, "memory.oom.group", "1");
            Set(folder, "pids.max", options.MaxProcesses);
            SetIfThere(folder, "cpu.max", string.Create(CultureInfo.InvariantCulture, $"{(long)Period * options.CpuPercent / 100} {Period}"));
            return new([folder], Path.Combine(folder, "memory.events"));
        }
        catch (IOException)
        {
            ControlGroup.TryRemove(folder);
            throw;
        }
    }

    private static void SetIfThere(string folder, string file, string value)
    {
        if (File.Exists(Path.Combine(folder, file)))
        {
            Set(folder, file, value);
        }
    }

    private static bool Has(string folder, string controller) =>
        File.ReadAllText(Path.Combine(folder, Controllers)).Split([' ', '\n']).Contains(controller, StringComparer.Ordinal);
}
