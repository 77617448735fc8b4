using JanServer.Sandbox.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Lifetime;

/// <summary>Nothing goes on when nobody waits for it any more.</summary>
public sealed class LifetimeTests
{
    public static TheoryData<string> Accounts => Environment.IsPrivilegedProcess ? ["root", "user"] : ["user"];

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task A_program_ends_when_its_client_leaves(string account)
    {
        await using var sandbox = await SandboxProcess.StartAsync(account == "root");
        var name = SandboxProcess.NewName();
        using var leave = new CancellationTokenSource();
        var run = sandbox.Client.RunAsync(Sleeper(name), more: new() { ["run_timeout"] = 60 }, ct: leave.Token);
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 2);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 0);
        Assert.Equal("Success", (await sandbox.Client.RunAsync("print(1)")).Text("status"));
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Everything_ends_with_a_service_that_is_killed(string account)
    {
        await using var sandbox = await SandboxProcess.StartAsync(account == "root");
        var name = SandboxProcess.NewName();
        await sandbox.Client.RunCellsAsync("new", [$"import ctypes\n_ = ctypes.CDLL(None).prctl(15, b'{name}')"]);
        var run = sandbox.Client.RunAsync(Sleeper(name), more: new() { ["run_timeout"] = 60 });
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 3);

        await sandbox.KillAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => run);
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 0);
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task A_service_that_stops_ends_what_still_runs_and_leaves_nothing(string account)
    {
        await using var sandbox = await SandboxProcess.StartAsync(account == "root", ("Shutdown:DrainTimeout", "00:00:01"));
        var name = SandboxProcess.NewName();
        await sandbox.Client.RunCellsAsync("new", [$"import ctypes\n_ = ctypes.CDLL(None).prctl(15, b'{name}')"]);
        var run = sandbox.Client.SendAsync("/run_code", new() { ["code"] = Sleeper(name), ["language"] = "python", ["run_timeout"] = 60 });
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 3);

        await sandbox.StopAsync();

        using var answer = await run.Soon();
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 0);
        Assert.Empty(Directory.EnumerateDirectories(Path.GetTempPath(), $"janserver-sandbox.{sandbox.Id}.*"));
        Assert.Empty(GroupsOf(sandbox.Id));
    }

    [RootFact]
    public async Task What_a_killed_service_left_behind_is_removed_by_the_next()
    {
        await using var killed = await SandboxProcess.StartAsync(asRoot: true);
        await killed.Client.RunCellsAsync("new", ["1"]);
        await killed.KillAsync();
        Assert.NotEmpty(Directory.EnumerateDirectories(Path.GetTempPath(), $"janserver-sandbox.{killed.Id}.*"));

        await Eventually.Succeeds(async () =>
        {
            await using var next = await SandboxProcess.StartAsync(asRoot: true);
            await next.Client.RunAsync("1");
            Assert.Empty(Directory.EnumerateDirectories(Path.GetTempPath(), $"janserver-sandbox.{killed.Id}.*"));
            Assert.Empty(GroupsOf(killed.Id));
        });
    }

    private static string Sleeper(string name) => $"""
        import ctypes, os, time
        ctypes.CDLL(None).prctl(15, b"{name}")
        os.fork()
        time.sleep(60)
        """;

    private static IEnumerable<string> GroupsOf(int service) =>
        ((string[])["/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup"])
            .Select(mount => Path.Combine(mount, "janserver-sandbox"))
            .Where(Directory.Exists)
            .SelectMany(parent => Directory.EnumerateDirectories(parent, $"run-{service}-*"));
}
