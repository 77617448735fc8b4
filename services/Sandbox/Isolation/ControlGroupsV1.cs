namespace JanServer.Sandbox.Isolation;

/// <summary>Version 1: a hierarchy for each controller.</summary>
internal sealed class ControlGroupsV1 : ControlGroups
{
    private readonly string _memory;
    private readonly string _pids;
    private readonly string? _cpu;

    private ControlGroupsV1(string memory, string pids, string? cpu)
    {
        _memory = memory;
        _pids = pids;
        _cpu = cpu;
    }

    public override string Kind => "cgroup v1";

    public static ControlGroupsV1? TryOpen(string mount) =>
        Parent(mount, "memory", "memory.limit_in_bytes") is { } memory && Parent(mount, "pids", "pids.max") is { } pids
            ? new(memory, pids, Parent(mount, "cpu", "cpu.cfs_quota_us"))
            : null;

    protected override ControlGroup Create(string name, Limits limits, SandboxOptions options)
    {
        List<string> folders = [];
        try
        {
            var memory = Add(_memory, name, folders);
            Set(memory, "memory.limit_in_bytes", limits.MemoryBytes);
            if (File.Exists(Path.Combine(memory, "memory.memsw.limit_in_bytes")))
            {
                Set(memory, "memory.memsw.limit_in_bytes", limits.MemoryBytes);
            }

            Set(Add(_pids, name, folders), "pids.max", options.MaxProcesses);
            if (_cpu is not null)
            {
                var cpu = Add(_cpu, name, folders);
                Set(cpu, "cpu.cfs_period_us", Period);
                Set(cpu, "cpu.cfs_quota_us", (long)Period * options.CpuPercent / 100);
            }

            return new(folders, Path.Combine(memory, "memory.oom_control"));
        }
        catch (IOException)
        {
            folders.ForEach(ControlGroup.TryRemove);
            throw;
        }
    }

    private static string Add(string parent, string name, List<string> folders)
    {
        var folder = Path.Combine(parent, name);
        Directory.CreateDirectory(folder);
        folders.Add(folder);
        return folder;
    }

    private static string? Parent(string mount, string controller, string limit)
    {
        var hierarchy = Path.Combine(mount, controller);
        if (!Directory.Exists(hierarchy))
        {
            return null;
        }

        try
        {
            var parent = Directory.CreateDirectory(Path.Combine(hierarchy, Folder)).FullName;
            RemoveAbandoned(parent);

            // The folder may be another user's, made by a service that was root.
            var trial = Directory.CreateDirectory(Path.Combine(parent, Trial)).FullName;
            ControlGroup.TryRemove(trial);
            return File.Exists(Path.Combine(parent, limit)) ? parent : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
