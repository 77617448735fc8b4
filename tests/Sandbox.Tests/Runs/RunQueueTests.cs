using System.Net;
using JanServer.Sandbox.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Runs;

public sealed class RunQueueTests
{
    [SandboxFact]
    public async Task A_full_queue_is_429_and_a_long_wait_is_503()
    {
        await using var sandbox = await SandboxProcess.StartAsync(
            asRoot: false, ("Sandbox:MaxConcurrency", "1"), ("Sandbox:MaxQueue", "1"), ("Sandbox:QueueSeconds", "1"));
        var name = SandboxProcess.NewName();
        using var leave = new CancellationTokenSource();
        var running = sandbox.Client.RunAsync(
            $"import ctypes, time\nctypes.CDLL(None).prctl(15, b'{name}')\ntime.sleep(60)", more: new() { ["run_timeout"] = 60 }, ct: leave.Token);
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 1);

        // Of two that come now one waits and one is refused, whichever is first.
        Task<HttpResponseMessage>[] both = [Send(sandbox), Send(sandbox)];
        using var refused = await (await Task.WhenAny(both).Soon());
        var waitedTask = both.Single(task => !ReferenceEquals(task.IsCompletedSuccessfully ? task.Result : null, refused));
        using var waited = await waitedTask.Soon();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, waited.StatusCode);
        Assert.NotNull(waited.Headers.RetryAfter);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.Succeeds(async () => await sandbox.Client.RunAsync("print(1)"));
    }

    [SandboxFact]
    public async Task Many_at_once_all_run()
    {
        await using var sandbox = await SandboxProcess.StartAsync(asRoot: false, ("Sandbox:MaxConcurrency", "4"));

        var runs = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => sandbox.Client.RunAsync($"print({i})")));

        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"{i}\n"), runs.Select(run => run.Stdout()));
    }

    [SandboxFact]
    public async Task One_owner_does_not_take_all_places()
    {
        await using var service = new SandboxService();
        service["Sandbox:MaxConcurrency"] = "2";
        service["Sandbox:MaxConcurrencyPerOwner"] = "1";
        await service.InitializeAsync();
        using var greedy = service.NewUser();
        using var modest = service.NewUser();
        var name = SandboxProcess.NewName();
        var code = $"import ctypes, time\nctypes.CDLL(None).prctl(15, b'{name}')\ntime.sleep(60)";
        using var leave = new CancellationTokenSource();
        var many = Enumerable.Range(0, 4).Select(_ => greedy.RunAsync(code, more: new() { ["run_timeout"] = 60 }, ct: leave.Token)).ToList();
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 1);

        Assert.Equal("1\n", (await modest.RunAsync("print(1)")).Stdout());
        Assert.Equal(1, SandboxProcess.CountProcesses(name));

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(many));
    }

    private static Task<HttpResponseMessage> Send(SandboxProcess sandbox) =>
        sandbox.Client.SendAsync("/run_code", new() { ["code"] = "print(1)", ["language"] = "python" });
}
