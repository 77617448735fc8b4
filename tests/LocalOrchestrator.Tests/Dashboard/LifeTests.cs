using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using JanServer.LocalOrchestrator.Tests.Running;

namespace JanServer.LocalOrchestrator.Tests.Dashboard;

public sealed class LifeTests
{
    private const string UrlKey = "LocalOrchestrator:DashboardUrl";

    [Fact]
    public async Task Open_streams_end_with_the_run_and_the_port_is_free_again()
    {
        await using var run = new DashboardRun();
        run.Model.AddShell("program", "sleep 1000");
        await run.StartAsync();
        var browser = await run.LoggedInAsync();
        await using var events = DashboardRun.EventsAsync(browser, "/api/resources/events").GetAsyncEnumerator();
        await using var logs = DashboardRun.EventsAsync(browser, "/api/logs/events").GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.True(await logs.MoveNextAsync());

        await run.App.StopAsync().Soon();

        await DrainAsync(events).Soon();
        await DrainAsync(logs).Soon();
        using var listener = new TcpListener(IPAddress.Loopback, run.Address.Port);
        listener.Start();
    }

    [Fact]
    public async Task A_taken_port_is_found_before_anything_starts()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        using var builder = TestModel.New(
            "--DcpPublisher:RandomizePorts=false", "--LocalOrchestrator:Dashboard=true", $"--Ports:dashboard={port}");
        await using var app = await builder.BuildAsync();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync());

        Assert.Contains($"Port {port}, which dashboard is to use", error.Message, StringComparison.Ordinal);
        Assert.Contains("Ports__dashboard", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tests_have_none_unless_they_ask_for_it()
    {
        using var builder = TestModel.New();
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        Assert.Null(builder.Configuration[UrlKey]);
    }

    [Fact]
    public async Task A_dashboard_that_cannot_start_stops_no_service()
    {
        // Without a value and with secrets that cannot be read there is no token.
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["state"]);
        await File.WriteAllTextAsync(folder["state/secrets.json"], "no json");
        using var builder = TestModel.New("--LocalOrchestrator:Dashboard=true", $"--LocalOrchestrator:StateFolder={folder["state"]}");
        builder.AddShell("program", "sleep 1000");
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("program").Soon();

        Assert.Null(builder.Configuration[UrlKey]);
    }

    private static async Task DrainAsync<T>(IAsyncEnumerator<T> stream)
    {
        try
        {
            while (await stream.MoveNextAsync())
            {
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // A stream that has no end of its own is cut.
        }
    }
}
