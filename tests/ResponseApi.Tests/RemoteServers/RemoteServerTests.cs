using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tests.Tools;
using JanServer.Testing;

namespace JanServer.ResponseApi.Tests.RemoteServers;

public sealed class RemoteServerTests
{
    private static readonly (string, string) Loopback = ("Outbound:AllowedNetworks:0", "127.0.0.0/8");

    private static string Tools(Uri address, string more = "") => $$"""
        "tools":[{"type":"mcp","server_label":"far","server_url":"{{address}}","require_approval":"never"{{more}}}]
        """;

    [Fact]
    public async Task A_server_of_the_request_is_listed_and_called_over_one_connection()
    {
        await using var server = await FakeMcpServer.StartAsync();
        await using var host = ToolHost.For(null, Loopback);
        var response = host.Ask(Tools(server.Address, """, "headers":{"X-Team":"blue"},"authorization":"secret-token","server_description":"Says hello" """));
        var tools = await host.ToolsAsync(response);
        Assert.Equal(["far_greet", "far_look"], tools.Bindings.Keys);
        Assert.Contains("Says hello", tools.Bindings["far_greet"].Function.Description, StringComparison.Ordinal);
        var listed = Assert.Single(tools.Opening);
        Assert.DoesNotContain("secret-token", listed.GetRawText(), StringComparison.Ordinal);

        var (outcome, shown) = await tools.CallAsync(response, "far_greet", """{"name":"Ann"}""");
        Assert.Equal("hello", outcome.ModelText);
        Assert.Equal("mcp_call.completed", shown.Events[^1]);
        Assert.Equal("greet", outcome.Item.Text("name"));
        await tools.CallAsync(response, "far_look", "{}", "call_2");
        await tools.DisposeAsync();

        Assert.Single(server.Asked("initialize"));
        var call = server.Asked("tools/call")[0];
        Assert.Equal("Ann", (string?)call.Json["params"]!["arguments"]!["name"]);
        Assert.Equal("blue", call.Header("X-Team"));
        Assert.Equal("Bearer secret-token", call.Header("Authorization"));
        Assert.Equal("session-1", call.Header("Mcp-Session-Id"));
        Assert.Null(call.Header("X-Caller-Token"));
        await Eventually.True(() => server.Upstream.Requests.Any(request => request.Method == "DELETE"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/mcp")]
    [InlineData("http://[::1]:9/mcp")]
    [InlineData("http://[::ffff:127.0.0.1]:9/mcp")]
    [InlineData("http://2130706433:9/mcp")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://localhost:9/mcp")]
    public async Task A_private_address_is_refused(string address)
    {
        await using var host = ToolHost.For(null);
        var error = await host.RefusedAsync(host.Ask(Tools(new(address))));
        Assert.Equal(400, error.Status);
        Assert.Equal("tools[0].server_url", error.Param);
    }

    [Fact]
    public async Task A_server_that_is_down_fails_its_list_and_the_model_is_told()
    {
        var server = await FakeMcpServer.StartAsync();
        var address = server.Address;
        await server.DisposeAsync();
        await using var host = ToolHost.For(null, Loopback);
        await using var tools = await host.ToolsAsync(host.Ask(Tools(address)));
        Assert.Empty(tools.Bindings);
        Assert.Equal("The MCP server could not be reached.", tools.Opening[0].Text("error"));
        Assert.Contains("far", Assert.Single(tools.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "refuses the credentials")]
    [InlineData(500, "HTTP status 500")]
    public async Task A_server_that_refuses_fails_its_list(int status, string why)
    {
        await using var server = await FakeMcpServer.StartAsync();
        server.Upstream.Always(FakeMcpServer.Route, exchange => exchange.AnswerAsync("no", "text/plain", status));
        await using var host = ToolHost.For(null, Loopback);
        await using var tools = await host.ToolsAsync(host.Ask(Tools(server.Address)));
        Assert.Contains(why, tools.Opening[0].Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var server = await FakeMcpServer.StartAsync();
        server.Upstream.Always("/elsewhere", exchange => exchange.RedirectAsync(FakeMcpServer.Route, 307));
        await using var host = ToolHost.For(null, Loopback);
        await using var tools = await host.ToolsAsync(host.Ask(Tools(new(server.Address, "/elsewhere"))));
        Assert.Contains("redirects", tools.Opening[0].Text("error"), StringComparison.Ordinal);
        Assert.Empty(server.Asked("tools/list"));
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_not_read()
    {
        await using var server = await FakeMcpServer.StartAsync();
        await using var host = ToolHost.For(null, Loopback, ("RemoteServers:MaxAnswerBytes", "4096"));
        var response = host.Ask(Tools(server.Address));
        await using var tools = await host.ToolsAsync(response);
        server.Result = $$"""{"content":[{"type":"text","text":"{{new string('x', 8192)}}"}]}""";
        var (outcome, shown) = await tools.CallAsync(response, "far_greet", "{}");
        Assert.Equal("mcp_call.failed", shown.Events[^1]);
        Assert.NotNull(outcome.Error);

        // The next call begins anew.
        server.Result = """{"content":[{"type":"text","text":"short"}]}""";
        Assert.Equal("short", (await tools.CallAsync(response, "far_greet", "{}", "call_2")).Outcome.ModelText);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_fails_and_one_that_is_not_wanted_ends()
    {
        await using var server = await FakeMcpServer.StartAsync();
        await using var host = ToolHost.For(null, Loopback, ("RemoteServers:CallTimeoutSeconds", "1"));
        var response = host.Ask(Tools(server.Address));
        await using var tools = await host.ToolsAsync(response);
        var arrived = new TaskCompletionSource();
        server.Upstream.Always(FakeMcpServer.Route, exchange =>
        {
            if (exchange.Request.Method == "POST" && (string?)exchange.Request.Json["method"] == "tools/call")
            {
                arrived.TrySetResult();
                return exchange.StallAsync();
            }

            return server.AnswerAsync(exchange);
        });
        Assert.Contains("in time", (await tools.CallAsync(response, "far_greet", "{}")).Outcome.Error, StringComparison.Ordinal);

        arrived = new();
        using var cancel = new CancellationTokenSource();
        var running = tools.CallAsync(response, "far_greet", "{}", "call_2", ct: cancel.Token);
        await arrived.Task.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Servers_are_asked_at_the_same_time_and_left_when_one_is_refused()
    {
        await using var slow = await FakeMcpServer.StartAsync();
        await using var quick = await FakeMcpServer.StartAsync();
        var quickWasAsked = new TaskCompletionSource();
        slow.Upstream.Always(FakeMcpServer.Route, async exchange =>
        {
            await quickWasAsked.Task.Soon();
            await slow.AnswerAsync(exchange);
        });
        quick.Upstream.Always(FakeMcpServer.Route, exchange =>
        {
            quickWasAsked.TrySetResult();
            return quick.AnswerAsync(exchange);
        });
        await using var host = ToolHost.For(null, Loopback, ("RemoteServers:MaxServers", "2"));
        await using var tools = await host.ToolsAsync($$"""
            "tools":[{"type":"mcp","server_label":"slow","server_url":"{{slow.Address}}"},{"type":"mcp","server_label":"quick","server_url":"{{quick.Address}}"}]
            """);
        Assert.Equal(["slow_greet", "slow_look", "quick_greet", "quick_look"], tools.Bindings.Keys);

        slow.Upstream.Always(FakeMcpServer.Route, exchange => exchange.StallAsync());
        var refused = await host.RefusedAsync(host.Ask($$"""
            "tools":[{"type":"mcp","server_label":"bad","server_url":"http://10.0.0.1/mcp"},{"type":"mcp","server_label":"slow","server_url":"{{slow.Address}}"}]
            """));
        Assert.Equal("tools[0].server_url", refused.Param);
        Assert.Equal("tools", (await host.RefusedAsync(host.Ask($$"""
            "tools":[{"type":"mcp","server_label":"a","server_url":"https://a.example"},{"type":"mcp","server_label":"b","server_url":"https://b.example"},
              {"type":"mcp","server_label":"c","server_url":"https://c.example"}]
            """))).Param);
    }

    [Fact]
    public async Task What_the_tool_says_went_wrong_is_handed_on()
    {
        await using var server = await FakeMcpServer.StartAsync();
        server.Result = """{"isError":true,"content":[{"type":"text","text":"I am shy."}]}""";
        await using var host = ToolHost.For(null, Loopback);
        var response = host.Ask(Tools(server.Address));
        await using var tools = await host.ToolsAsync(response);
        var (outcome, _) = await tools.CallAsync(response, "far_greet", "{}");
        Assert.Equal("I am shy.", outcome.Error);
        Assert.Equal("I am shy.", outcome.Item.GetProperty("error").GetProperty("content")[0].Text("text"));
    }

    [Fact]
    public async Task A_call_that_was_interrupted_is_not_made_twice_unless_that_does_no_harm()
    {
        await using var server = await FakeMcpServer.StartAsync();
        await using var host = ToolHost.For(null, Loopback);
        var response = host.Ask(Tools(server.Address), progress: new() { Executions = { Begun("call_1", "far_greet"), Begun("call_2", "far_look") } });
        await using var tools = await host.ToolsAsync(response);
        var (greeted, _) = await tools.CallAsync(response, "far_greet", "{}");
        Assert.Contains("not made twice", greeted.Error, StringComparison.Ordinal);
        Assert.Empty(server.Asked("tools/call"));
        Assert.Equal("hello", (await tools.CallAsync(response, "far_look", "{}", "call_2")).Outcome.ModelText);
        Assert.Equal("hello", (await tools.CallAsync(response, "far_greet", "{}", "call_3")).Outcome.ModelText);
    }

    private static ToolExecution Begun(string callId, string tool) => new()
    {
        CallId = callId,
        ItemId = "mcp_1",
        ToolName = tool,
        Arguments = "{}",
        Order = 1,
        Status = "in_progress",
        StartedAt = DateTimeOffset.UnixEpoch,
    };
}
