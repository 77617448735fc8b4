using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.External.Connections;

public sealed class FailureTests(ExternalService service) : IClassFixture<ExternalService>
{
    private const string Own = "/v1/mcp/servers";

    private readonly Caller _ann = TestCallers.User();

    private HttpClient Client => service.ClientFor(_ann);

    [Fact]
    public async Task A_server_that_is_down_keeps_its_tools_is_left_alone_and_comes_back()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a");
        var id = await Client.RegisterAsync(new { label = "flaky", url = server.Url });
        await service.ToolOf(_ann, "flaky_a");
        server.Before = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(true);
        };

        var failed = await service.CallAsync(_ann, "flaky_a");
        Assert.True(failed.IsError);
        Assert.Contains("503", failed.Text(), StringComparison.Ordinal);
        Assert.Equal("failing", (await HealthAsync(id)).Text("status"));
        await service.CallAsync(_ann, "flaky_a");

        var health = await HealthAsync(id);
        Assert.Equal(("unavailable", "http_503"), (health.Text("status"), health.Text("last_error")));
        var requests = server.Requests.Count;
        Assert.Contains("left alone", (await service.CallAsync(_ann, "flaky_a")).Text(), StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
        Assert.Contains(await service.ToolsOf(_ann), tool => tool.Name == "flaky_a");

        server.Before = null;
        await Eventually.True(async () => (await service.CallAsync(_ann, "flaky_a")).IsError != true);
        health = await HealthAsync(id);
        Assert.Equal(("healthy", 0), (health.Text("status"), health.GetProperty("consecutive_failures").GetInt32()));
    }

    [Fact]
    public async Task A_call_has_its_time()
    {
        await using var server = await TestMcpServer.StartAsync(true, "slow");
        server.OnCall = async (_, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return new();
        };
        var id = await Client.RegisterAsync(new { label = "slow", url = server.Url, timeout_seconds = 1 });
        await service.ToolOf(_ann, "slow_slow");

        Assert.Contains("did not answer in time", (await service.CallAsync(_ann, "slow_slow")).Text(), StringComparison.Ordinal);
        Assert.Equal("timeout", (await HealthAsync(id)).Text("last_error"));
    }

    [Fact]
    public async Task An_answer_has_its_size()
    {
        await using var server = await TestMcpServer.StartAsync(true, "big");
        server.OnCall = (_, _) => ValueTask.FromResult(new CallToolResult { Content = [new TextContentBlock { Text = new string('x', 300_000) }] });
        var id = await Client.RegisterAsync(new { label = "big", url = server.Url });
        await service.ToolOf(_ann, "big_big");

        Assert.Contains("larger than allowed", (await service.CallAsync(_ann, "big_big")).Text(), StringComparison.Ordinal);
        Assert.Equal("too_large", (await HealthAsync(id)).Text("last_error"));
    }

    [Fact]
    public async Task A_server_that_is_none_is_told_by_its_test()
    {
        await using var server = await TestMcpServer.StartAsync();
        server.Before = async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html>hello</html>");
            return true;
        };
        var id = await Client.RegisterAsync(new { label = "page", url = server.Url });

        var test = await Client.SendAsync("POST", $"{Own}/{id}/test").JsonAsync();

        Assert.False(test.GetProperty("ok").GetBoolean());
        Assert.Contains(test.Text("error"), new[] { "protocol", "timeout" });
        Assert.Equal(0, test.GetProperty("tool_count").GetInt32());
    }

    [Fact]
    public async Task A_test_says_what_the_server_is()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a", "b");
        var id = await Client.RegisterAsync(new { label = "tested", url = server.Url });

        var test = await Client.SendAsync("POST", $"{Own}/{id}/test").JsonAsync();

        Assert.True(test.GetProperty("ok").GetBoolean(), test.GetRawText());
        Assert.Equal(("test-server", "3.2.1", "2025-11-25"), (test.Text("server_name"), test.Text("server_version"), test.Text("protocol_version")));
        Assert.Equal(2, test.GetProperty("tool_count").GetInt32());
        var health = await HealthAsync(id);
        Assert.Equal(("healthy", 2), (health.Text("status"), health.GetProperty("tool_count").GetInt32()));
    }

    [Fact]
    public async Task A_server_that_hangs_slows_no_list()
    {
        await using var server = await TestMcpServer.StartAsync();
        server.Before = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };
        await Client.RegisterAsync(new { label = "hangs", url = server.Url });
        await Eventually.True(() => !server.Requests.IsEmpty);

        using var quick = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        Assert.DoesNotContain(await service.ToolsOf(_ann).WaitAsync(quick.Token), tool => tool.Name.StartsWith("hangs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_replica_has_the_same_servers_tools_and_health()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a");
        var id = await Client.RegisterAsync(new { label = "shared", url = server.Url, headers = new { X = "1" } });
        await service.ToolOf(_ann, "shared_a");

        await using var other = await ExternalService.ReplicaOfAsync(service.Database);
        Assert.Contains(await other.ToolsOf(_ann), tool => tool.Name == "shared_a");
        Assert.Equal("called a", (await other.CallAsync(_ann, "shared_a")).Text());
        using var client = other.ClientFor(_ann);
        Assert.Equal("healthy", (await client.SendAsync("GET", $"{Own}/{id}/health").JsonAsync()).Text("status"));

        await client.SendAsync("DELETE", $"{Own}/{id}").JsonAsync();
        Assert.DoesNotContain(await service.ToolsOf(_ann), tool => tool.Name == "shared_a");
        await Eventually.True(() => server.SessionCount == 0);
    }

    [Fact]
    public async Task A_server_does_so_many_calls_at_once()
    {
        await using var server = await TestMcpServer.StartAsync(true, "held");
        var (running, most) = (0, 0);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnCall = async (_, ct) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await go.Task.WaitAsync(ct);
            Interlocked.Decrement(ref running);
            return new();
        };
        await Client.RegisterAsync(new { label = "held", url = server.Url });
        await service.ToolOf(_ann, "held_held");

        var calls = Enumerable.Range(0, 20).Select(_ => service.CallAsync(_ann, "held_held")).ToList();
        await Eventually.True(() => Volatile.Read(ref running) == 8);
        go.SetResult();
        await Task.WhenAll(calls);

        Assert.Equal(8, most);
        Assert.All(calls, call => Assert.NotEqual(true, call.Result.IsError));
    }

    private Task<System.Text.Json.JsonElement> HealthAsync(string id) => Client.SendAsync("GET", $"{Own}/{id}/health").JsonAsync();

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
