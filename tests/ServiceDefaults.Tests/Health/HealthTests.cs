using System.Net;
using System.Text.Json;
using JanServer.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanServer.ServiceDefaults.Tests.Health;

public sealed class HealthTests
{
    private static readonly string[] Ready = [HealthDefaults.ReadyTag];

    [Fact]
    public async Task A_host_without_dependencies_is_alive_and_ready()
    {
        await using var host = await TestHost.StartAsync();

        Assert.Equal("healthy", (await ProbeAsync(host, "/healthz", HttpStatusCode.OK)).GetProperty("status").GetString());
        Assert.Equal("healthy", (await ProbeAsync(host, "/readyz", HttpStatusCode.OK)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_failing_dependency_makes_a_host_unready_but_leaves_it_alive()
    {
        await using var host = await WithCheckAsync("db", () => HealthCheckResult.Unhealthy("refused the connection"));

        var report = await ProbeAsync(host, "/readyz", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("unhealthy", report.GetProperty("status").GetString());
        var check = report.GetProperty("checks").GetProperty("db");
        Assert.Equal("unhealthy", check.GetProperty("status").GetString());
        Assert.Equal("refused the connection", check.GetProperty("error").GetString());
        await ProbeAsync(host, "/healthz", HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_message_of_an_exception_is_not_shown()
    {
        await using var host = await WithCheckAsync("db", () => throw new InvalidOperationException("Password=hunter2"));

        using var response = await host.Client.GetAsync("/readyz");
        var body = await response.Content.ReadAsStringAsync();

        Assert.DoesNotContain("hunter2", body, StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_degraded_dependency_does_not_stop_traffic()
    {
        await using var host = await WithCheckAsync("cache", () => HealthCheckResult.Degraded("slow"));

        Assert.Equal("degraded", (await ProbeAsync(host, "/readyz", HttpStatusCode.OK)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_check_that_is_not_tagged_does_not_decide()
    {
        await using var host = await TestHost.StartAsync(builder =>
            builder.Services.AddHealthChecks().AddCheck("other", () => HealthCheckResult.Unhealthy()));

        Assert.Empty((await ProbeAsync(host, "/readyz", HttpStatusCode.OK)).GetProperty("checks").EnumerateObject());
    }

    [Fact]
    public async Task Concurrent_probes_share_one_run()
    {
        var runs = 0;
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(builder => builder.Services.AddHealthChecks().AddAsyncCheck(
            "db",
            async () =>
            {
                Interlocked.Increment(ref runs);
                entered.TrySetResult();
                await release.Task;
                return HealthCheckResult.Healthy();
            },
            Ready));

        var probes = Enumerable.Range(0, 20).Select(_ => host.Client.GetAsync("/readyz")).ToList();
        await entered.Task;
        release.SetResult();
        Assert.All(await Task.WhenAll(probes), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));

        // All twenty began before the run could end; a straggler after the one second would start a second one.
        Assert.InRange(runs, 1, 2);
    }

    [Fact]
    public async Task A_check_that_hangs_is_given_up()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddHealthChecks().AddAsyncCheck(
                "db",
                async ct =>
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                    return HealthCheckResult.Healthy();
                },
                Ready,
                timeout: TimeSpan.FromMilliseconds(20));
        });

        var report = await ProbeAsync(host, "/readyz", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("unhealthy", report.GetProperty("checks").GetProperty("db").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_stopping_host_is_not_ready()
    {
        await using var host = await TestHost.StartAsync();
        await ProbeAsync(host, "/readyz", HttpStatusCode.OK);

        host.Lifetime.StopApplication();

        var report = await ProbeAsync(host, "/readyz", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("stopping", report.GetProperty("status").GetString());
        await ProbeAsync(host, "/healthz", HttpStatusCode.OK);
    }

    private static Task<TestHost> WithCheckAsync(string name, Func<HealthCheckResult> check) =>
        TestHost.StartAsync(builder => builder.Services.AddHealthChecks().AddCheck(name, check, Ready));

    private static async Task<JsonElement> ProbeAsync(TestHost host, string path, HttpStatusCode expected)
    {
        using var response = await host.Client.GetAsync(path);
        Assert.Equal(expected, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.Clone();
    }
}
