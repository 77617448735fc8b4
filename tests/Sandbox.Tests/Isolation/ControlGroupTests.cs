using System.Globalization;
using JanServer.Sandbox.Isolation;

namespace JanServer.Sandbox.Tests.Isolation;

/// <summary>Version 2 as files in a folder: this shows what is written where, not that the kernel obeys. Version 1 is attacked for real.</summary>
public sealed class ControlGroupTests : IDisposable
{
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("cgroup-");

    public void Dispose() => _mount.Delete(recursive: true);

    [Fact]
    public void Version_2_shares_out_the_group_of_the_service_and_sets_limits()
    {
        var own = Make("service", "memory pids cpu");
        Make("service/janserver-service", "");
        var parent = Make("service/janserver-sandbox", "");
        var groups = ControlGroups.Find(_mount.FullName, Membership("0::/service\n"));
        var run = Make($"service/janserver-sandbox/run-{Environment.ProcessId}-1", "");

        var group = groups!.Create(new(256, 10), new() { MaxProcesses = 20, CpuPercent = 150 });

        Assert.Equal("cgroup v2", groups.Kind);
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Read(Path.Combine(own, "janserver-service"), "cgroup.procs"));
        Assert.Equal("+memory +pids +cpu", Read(own, "cgroup.subtree_control"));
        Assert.Equal("+memory +pids +cpu", Read(parent, "cgroup.subtree_control"));
        Assert.Equal((256 << 20).ToString(CultureInfo.InvariantCulture), Read(run, "memory.max"));
        Assert.Equal("0", Read(run, "memory.swap.max"));
        Assert.Equal("20", Read(run, "pids.max"));
        Assert.Equal("150000 100000", Read(run, "cpu.max"));
        Assert.Equal([Path.Combine(run, "cgroup.procs")], group.Doors);

        File.WriteAllText(Path.Combine(run, "memory.events"), "low 0\noom 1\noom_kill 0\n");
        Assert.False(group.OutOfMemory);
        File.WriteAllText(Path.Combine(run, "memory.events"), "low 0\noom 1\noom_kill 3\n");
        Assert.True(group.OutOfMemory);
    }

    [Theory]
    [InlineData("memory cpu")]
    [InlineData("")]
    public void Without_the_controllers_there_are_no_groups(string controllers)
    {
        Make("service", controllers);

        Assert.Null(ControlGroups.Find(_mount.FullName, Membership("0::/service\n")));
    }

    [Fact]
    public void Where_nothing_is_mounted_there_are_no_groups() =>
        Assert.Null(ControlGroups.Find(Path.Combine(_mount.FullName, "none"), Membership("0::/\n")));

    [Fact]
    public void A_group_that_may_not_be_shared_out_is_left_alone()
    {
        // No file to write to is what a group of someone else comes to.
        var own = Make("service", "memory pids");
        File.Delete(Path.Combine(own, "cgroup.subtree_control"));
        Make("service/janserver-service", "");

        Assert.Null(ControlGroups.Find(_mount.FullName, Membership("0::/service\n")));
    }

    private string Make(string path, string controllers)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_mount.FullName, path)).FullName;
        File.WriteAllText(Path.Combine(_mount.FullName, "cgroup.controllers"), controllers);
        File.WriteAllText(Path.Combine(folder, "cgroup.controllers"), path == "service" ? controllers + "\n" : "");
        foreach (var file in (string[])["cgroup.procs", "cgroup.subtree_control", "memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max"])
        {
            File.WriteAllText(Path.Combine(folder, file), "");
        }

        return folder;
    }

    private string Membership(string text)
    {
        var file = Path.Combine(_mount.FullName, "membership");
        File.WriteAllText(file, text);
        return file;
    }

    private static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file));
}
