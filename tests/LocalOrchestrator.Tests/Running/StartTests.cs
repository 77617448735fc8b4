using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests.Running;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IDistributedApplicationTestingBuilder _builder = TestModel.New();

    public void Dispose()
    {
        _builder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_resource_starts_only_after_those_it_waits_for_are_healthy()
    {
        var order = _folder["order"];
        var gate = _folder["gate"];
        var service = _builder.AddService("service", gate);
        _builder.AddShell("client", $"echo client >> {order}; sleep 1000").WaitFor(service);
        await using var app = await StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("service", KnownResourceStates.Running).Soon();
        Assert.False(File.Exists(order));
        await File.WriteAllTextAsync(gate, "open");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("client").Soon();

        await Eventually.True(() => File.Exists(order));
    }

    [Fact]
    public async Task A_one_time_program_is_waited_for_to_its_successful_end()
    {
        var done = _folder["done"];
        var setup = _builder.AddShell("setup", $"echo made > {done}");
        _builder.AddShell("client", $"cat {done}; sleep 1000").WaitForCompletion(setup);
        await using var app = await StartAsync();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("client").Soon();

        Assert.Equal(KnownResourceStates.Finished, await StateOf(app, "setup"));
        await Eventually.True(() => app.GetLogs("client").Contains("made"));
    }

    [Fact]
    public async Task Who_waits_for_a_program_that_failed_says_which_and_how()
    {
        var setup = _builder.AddShell("setup", "echo no such table; exit 3");
        _builder.AddShell("client", "sleep 1000").WaitForCompletion(setup);
        await using var app = await StartAsync();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("client").Soon());

        Assert.Contains("setup ended with exit code 3, not 0", error.Message, StringComparison.Ordinal);
        var own = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("setup").Soon());
        Assert.Contains("no such table", own.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_ends_at_its_deadline_and_names_the_check_and_its_last_error()
    {
        using var hurried = TestModel.New("--LocalOrchestrator:StartTimeoutSeconds=1");
        var service = hurried.AddService("service", _folder["never"]);
        hurried.AddShell("client", "sleep 1000").WaitFor(service);
        await using var app = await StartAsync(hurried);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("client").Soon());

        Assert.Contains("service is Running", error.Message, StringComparison.Ordinal);
        Assert.Contains("not healthy 1 s after its start", error.Message, StringComparison.Ordinal);
        Assert.Contains("/healthz", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_in_a_circle_is_refused_with_the_circle()
    {
        var first = _builder.AddShell("first", "sleep 1000");
        var second = _builder.AddShell("second", "sleep 1000").WaitFor(first);
        first.WaitFor(second);
        await using var app = await _builder.BuildAsync();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync());

        Assert.Contains("first -> second -> first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_nothing_stands_in_for_is_skipped_and_blocks_nobody()
    {
        var box = _builder.AddContainer("box", "box").WithHttpEndpoint(targetPort: 80);
        var address = box.GetEndpoint("http");
        _builder.AddShell("client", "env; echo done; sleep 1000").WithReference(address).WithEnvironment("BOX", address).WaitFor(box);
        await using var app = await StartAsync();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("client").Soon();

        Assert.Equal(KnownResourceStates.NotStarted, await StateOf(app, "box"));
        await Eventually.True(() => app.GetLogs("client", 1000).Contains("done"));
        Assert.DoesNotContain(app.GetLogs("client", 1000), l => l.StartsWith("BOX", StringComparison.Ordinal));
        Assert.DoesNotContain(app.GetLogs("client", 1000), l => l.StartsWith("services__", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named()
    {
        _builder.AddExecutable("tool", "no-such-program", ".");
        await using var app = await StartAsync();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("tool").Soon());

        Assert.Contains("'no-such-program' was not found", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> StateOf(DistributedApplication app, string name) =>
        (await app.ResourceNotifications.WaitForResourceAsync(name, _ => true)).Snapshot.State?.Text;

    private Task<DistributedApplication> StartAsync() => StartAsync(_builder);

    private static async Task<DistributedApplication> StartAsync(IDistributedApplicationTestingBuilder builder)
    {
        var app = await builder.BuildAsync();
        await app.StartAsync();
        return app;
    }
}
