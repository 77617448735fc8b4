using System.IO.Pipelines;
using JanServer.ServiceDefaults.Shutdown;
using JanServer.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Tests.Shutdown;

public sealed class ShutdownTests
{
    [Fact]
    public async Task A_running_request_is_answered_while_the_host_stops()
    {
        var inside = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(map: app => app.MapGet("/slow", async () =>
        {
            inside.SetResult();
            await release.Task;
            return "done";
        }).AllowAnonymous());
        var answer = host.Client.GetStringAsync("/slow");
        await inside.Task.Soon();

        var stopping = host.StopAsync(CancellationToken.None);
        await Eventually.True(() => host.Services.GetRequiredService<DrainDeadline>().IsDraining);
        Assert.False(stopping.IsCompleted);
        release.SetResult();

        Assert.Equal("done", await answer.Soon());
        await stopping.Soon();
    }

    [Fact]
    public async Task A_new_connection_is_refused_while_the_host_stops()
    {
        var inside = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(map: app => app.MapGet("/slow", async () =>
        {
            inside.SetResult();
            await release.Task;
        }).AllowAnonymous());
        var slow = host.Client.GetAsync("/slow");
        await inside.Task.Soon();

        var stopping = host.StopAsync(CancellationToken.None);

        await Eventually.Succeeds(async () =>
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/healthz"));
        });
        release.SetResult();
        await slow.Soon();
        await stopping.Soon();
    }

    [Fact]
    public async Task A_stream_that_outlasts_the_deadline_can_say_so_before_it_ends()
    {
        await using var host = await TestHost.StartAsync(
            map: app => app.MapGet("/stream", async (HttpContext context, DrainDeadline drain) =>
            {
                await context.Response.WriteAsync("first\n");
                await context.Response.Body.FlushAsync();
                var ended = new TaskCompletionSource();
                await using var registration = drain.Token.Register(ended.SetResult);
                await ended.Task;
                await context.Response.WriteAsync("stopping\n", CancellationToken.None);
            }).AllowAnonymous(),
            settings: [("Shutdown:DrainTimeout", "00:00:00.05")]);
        using var response = await host.Client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("first", await reader.ReadLineAsync());

        var stopping = host.StopAsync(CancellationToken.None);

        Assert.Equal("stopping", await reader.ReadLineAsync().Soon());
        Assert.Null(await reader.ReadLineAsync().Soon());
        await stopping.Soon();
    }

    [Fact]
    public async Task The_host_waits_for_requests_as_long_as_configured_and_a_little_longer()
    {
        await using var host = await TestHost.StartAsync(settings: [("Shutdown:DrainTimeout", "00:00:20")]);

        Assert.Equal(TimeSpan.FromSeconds(21), host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Fact]
    public async Task A_host_stops_when_the_process_that_started_it_is_gone()
    {
        await using var host = await TestHost.StartAsync();
        var input = new Pipe();
        var watch = new ParentWatch(input.Reader.AsStream(), host.Lifetime, NullLogger<ParentWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        await input.Writer.WriteAsync("a line is no end\n"u8.ToArray());
        Assert.False(host.Lifetime.ApplicationStopping.IsCancellationRequested);

        await input.Writer.CompleteAsync();

        await Eventually.True(() => host.Lifetime.ApplicationStopping.IsCancellationRequested);
    }
}
