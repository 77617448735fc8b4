using System.Diagnostics;

namespace JanServer.LocalOrchestrator.Tests.Processes;

/// <summary>The whole AppHost as a process of its own, with a real database: how it ends.</summary>
public sealed class ShutdownTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SIGTERM_stops_who_depends_on_others_first_and_leaves_nothing_behind()
    {
        using var appHost = await StartAsync();

        TestProcess.Signal(appHost.Id, TestProcess.SigTerm);
        await appHost.WaitForExitAsync().Soon();

        Assert.Equal(0, appHost.ExitCode);
        Assert.Equal(["second", "first"], await File.ReadAllLinesAsync(_folder["order"]));
        Assert.Empty(TestProcess.WithEnvironment(_folder["order"]));
        Assert.False(File.Exists(_folder["state/postgres/postmaster.pid"]));
    }

    [Fact]
    public async Task After_kill_9_of_the_AppHost_no_child_survives_and_the_next_run_works()
    {
        using var appHost = await StartAsync();
        var postmaster = (await File.ReadAllLinesAsync(_folder["state/postgres/postmaster.pid"]))[0];

        TestProcess.Signal(appHost.Id, TestProcess.SigKill);
        await appHost.WaitForExitAsync().Soon();

        await Eventually.True(() => TestProcess.WithEnvironment(_folder["order"]).Count == 0);
        await Eventually.True(() => !Directory.Exists($"/proc/{postmaster}"));

        File.Delete(_folder["order.first"]);
        File.Delete(_folder["order.second"]);
        using var again = await StartAsync();
        TestProcess.Signal(again.Id, TestProcess.SigTerm);
        await again.WaitForExitAsync().Soon();
        Assert.Equal(0, again.ExitCode);
    }

    private async Task<Process> StartAsync()
    {
        var appHost = TestProcess.Start(
            "apphost",
            $"--LocalOrchestrator:StateFolder={_folder["state"]}",
            $"--order={_folder["order"]}",
            "--DcpPublisher:RandomizePorts=true");
        var output = appHost.StandardOutput.ReadToEndAsync();
        var errors = appHost.StandardError.ReadToEndAsync();
        await Eventually.True(() => (File.Exists(_folder["order.first"]) && File.Exists(_folder["order.second"])) || appHost.HasExited);
        Assert.False(appHost.HasExited, appHost.HasExited ? await output + await errors : null);
        return appHost;
    }
}
