using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Local;

namespace JanServer.LocalOrchestrator.Tests.Running;

public sealed class PreflightTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_taken_port_stops_the_run_before_anything_starts_and_names_its_holder()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        using var builder = TestModel.New("--DcpPublisher:RandomizePorts=false");
        builder.AddShell("other", $"touch {_folder["started"]}");
        builder.AddShell("service", "sleep 1000").WithHttpEndpoint(port: port);
        await using var app = await builder.BuildAsync();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync());

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Port {port}, which service is to use"), error.Message, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} ("), error.Message, StringComparison.Ordinal);
        Assert.Contains("Ports__service", error.Message, StringComparison.Ordinal);
        Assert.Null(app.GetProcessId("other"));
        Assert.False(File.Exists(_folder["started"]));
    }

    [Fact]
    public async Task A_second_run_on_the_same_state_is_refused_and_told_who_runs()
    {
        string[] args = [$"--LocalOrchestrator:StateFolder={_folder["state"]}"];
        using var first = TestModel.New(args);
        using var second = TestModel.New(args);
        await using var running = await first.BuildAsync();
        await using var refused = await second.BuildAsync();
        await running.StartAsync();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => refused.StartAsync());

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} holds"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_of_a_test_is_gone_after_it()
    {
        string folder;
        using (var builder = TestModel.New())
        {
            folder = builder.Configuration["LocalOrchestrator:StateFolder"]!;
            builder.AddShell("client", "sleep 1000");
            await using var app = await builder.BuildAsync();
            await app.StartAsync();
            await app.ResourceNotifications.WaitForResourceHealthyAsync("client").Soon();
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void State_is_kept_next_to_the_solution()
    {
        Directory.CreateDirectory(_folder["src/App"]);
        File.WriteAllText(_folder["All.sln"], "");

        Assert.Equal(_folder[".jan"], StateFolder.DefaultFor(_folder["src/App"]));
    }
}
