using System.Net;
using JanServer.Sandbox.Isolation;
using JanServer.Sandbox.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Isolation;

public sealed class AvailabilityTests
{
    [Fact]
    public async Task Without_bubblewrap_nothing_runs_and_the_answer_says_what_to_install()
    {
        await using var sandbox = await SandboxProcess.StartAsync(asRoot: false, ("Sandbox:Bubblewrap", "/nowhere/bwrap"));

        var run = await sandbox.Client.PostAsync("/run_code", new() { ["code"] = "print(1)", ["language"] = "python" }, HttpStatusCode.ServiceUnavailable);
        var cells = await sandbox.Client.RunCellsAsync("new", ["1"], status: HttpStatusCode.ServiceUnavailable);

        Assert.All([run, cells], answer =>
        {
            Assert.Equal("sandbox_unavailable", answer.GetProperty("error").Text("code"));
            Assert.Contains("apt-get install bubblewrap", answer.GetProperty("error").Text("message"), StringComparison.Ordinal);
        });
        using var ready = await sandbox.Client.Http.GetAsync(new Uri("/readyz", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("bubblewrap", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var alive = await sandbox.Client.Http.GetAsync(new Uri("/healthz", UriKind.Relative)).Soon();
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [SandboxFact]
    public async Task A_sandbox_that_cannot_be_set_up_is_an_error_and_never_left_out()
    {
        // What stands in the place of bubblewrap fails as bubblewrap does where the kernel forbids namespaces.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), SandboxProcess.NewName()));
        var refusing = Path.Combine(folder.FullName, "bwrap");
        await File.WriteAllTextAsync(refusing, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace, likely because the kernel does not allow it' >&2\nexit 1\n");
        await System.Diagnostics.Process.Start("chmod", ["755", refusing]).WaitForExitAsync().Soon();
        await using var sandbox = await SandboxProcess.StartAsync(asRoot: false, ("Sandbox:Bubblewrap", refusing));

        var run = await sandbox.Client.PostAsync("/run_code", new() { ["code"] = "print(1)", ["language"] = "python" }, HttpStatusCode.ServiceUnavailable);

        folder.Delete(recursive: true);
        Assert.Equal("sandbox_unavailable", run.GetProperty("error").Text("code"));
        Assert.Contains("kernel.unprivileged_userns_clone=1", run.GetProperty("error").Text("message"), StringComparison.Ordinal);
    }

    [SandboxFact]
    public async Task A_machine_that_isolates_is_ready()
    {
        await using var sandbox = await SandboxProcess.StartAsync(asRoot: false);

        using var ready = await sandbox.Client.Http.GetAsync(new Uri("/readyz", UriKind.Relative)).Soon();

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Theory]
    [InlineData("bwrap: setting up uid map: Permission denied", "user namespaces")]
    [InlineData("bwrap: Unknown option --size", "0.8")]
    [InlineData("setpriv: setresuid failed: Operation not permitted", "CAP_SETUID")]
    [InlineData("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined")]
    [InlineData("bwrap: something new\nand more", "bwrap: something new")]
    public void What_bubblewrap_says_is_explained(string said, string means) =>
        Assert.Contains(means, Availability.Explain(said), StringComparison.Ordinal);
}
