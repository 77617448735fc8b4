using Aspire.Hosting;
using Aspire.Hosting.Local;
using Aspire.Hosting.Testing;
using JanServer.LocalOrchestrator.Tests.Processes;

namespace JanServer.LocalOrchestrator.Tests.Running;

public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IDistributedApplicationTestingBuilder _builder = TestModel.New();

    public void Dispose()
    {
        _builder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_killed_service_is_back_at_the_same_address_as_another_process()
    {
        await File.WriteAllTextAsync(_folder["healthy"], "");
        _builder.AddService("service", _folder["healthy"]);
        await using var app = await _builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("service").Soon();
        var before = app.GetProcessId("service")!.Value;
        using var http = app.CreateHttpClient("service");

        TestProcess.Signal(before, TestProcess.SigKill);

        await Eventually.True(() => app.GetProcessId("service") is { } now && now != before);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("service").Soon();
        Assert.Equal(1, app.GetRestarts("service"));
        Assert.Equal("ok", await http.GetStringAsync(new Uri("/healthz", UriKind.Relative)));
    }

    [Fact]
    public async Task A_program_that_never_becomes_healthy_is_given_up_with_its_last_words()
    {
        _builder.AddService("service", _folder["never"]).WithArgs("--ignored");
        _builder.AddShell("broken", "echo the key is missing; exit 7").WithHttpEndpoint().WithHttpHealthCheck("/");
        await using var app = await _builder.BuildAsync();
        await app.StartAsync();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("broken").Soon());

        Assert.Contains("exit code 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("the key is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_end_when_it_is_asked_to_is_killed_with_its_children()
    {
        using var hurried = TestModel.New("--LocalOrchestrator:StopTimeoutSeconds=1");
        hurried.AddShell("deaf", $"trap '' TERM; sleep 1000 & echo > {_folder["deaf"]}; wait; sleep 1000").WithEnvironment("FOLDER", _folder.Path);
        var app = await hurried.BuildAsync();
        await app.StartAsync();
        await Eventually.True(() => File.Exists(_folder["deaf"]));
        Assert.NotEmpty(TestProcess.WithEnvironment($"FOLDER={_folder.Path}"));

        await app.DisposeAsync();

        await Eventually.True(() => TestProcess.WithEnvironment($"FOLDER={_folder.Path}").Count == 0);
    }

    [Fact]
    public void The_first_restart_is_immediate_and_a_crash_loop_slows_down_to_half_a_minute()
    {
        var clock = new FakeClock();
        var policy = new RestartPolicy(clock);
        policy.BecameReady();

        var delays = Enumerable.Range(0, 8).Select(_ =>
        {
            policy.Started();
            clock.Advance(TimeSpan.FromSeconds(1));
            return policy.NextDelay()!.Value.TotalSeconds;
        });

        Assert.Equal<double>([0, 1, 2, 4, 8, 16, 30, 30], delays);
    }

    [Fact]
    public void After_half_a_minute_of_life_a_crash_counts_as_the_first()
    {
        var clock = new FakeClock();
        var policy = new RestartPolicy(clock);
        policy.BecameReady();
        policy.Started();
        _ = (policy.NextDelay(), policy.NextDelay());
        policy.Started();
        clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(TimeSpan.Zero, policy.NextDelay());
    }

    [Fact]
    public void What_never_was_ready_is_tried_three_times()
    {
        var policy = new RestartPolicy(new FakeClock());
        policy.Started();

        Assert.Equal<bool>([true, true, false], Enumerable.Range(0, 3).Select(_ => policy.NextDelay() is not null));
    }
}
